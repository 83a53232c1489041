import { useEffect, useState } from 'react';

/** `value` once it has been the same for `wait` ms. */
export function useLate<Value>(value: Value, wait: number): Value {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return late;
}
