/** Bytes per second over a sliding window of `span` ms. */
export function makeSpeedometer(span = 5000) {
  let marks: { at: number; bytes: number }[] = [];
  return (bytes: number, now: number): number => {
    // A resumed upload starts again from what the server holds.
    if (bytes < (marks.at(-1)?.bytes ?? 0)) marks = [];
    marks.push({ at: now, bytes });
    while (marks.length > 2 && now - marks[0]!.at > span) marks.shift();
    const first = marks[0]!;
    const elapsed = now - first.at;
    return elapsed < 250 ? 0 : ((bytes - first.bytes) / elapsed) * 1000;
  };
}
