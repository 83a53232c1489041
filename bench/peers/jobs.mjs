// Puts N empty jobs into a queue, then drains it, each with its package's settings for speed.
// node jobs.mjs graphile-worker|pg-boss|bullmq URL N  →  {"seconds": …}
import { performance } from "node:perf_hooks";

const [kind, url, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];

function drained() {
  let done = 0;
  let finish;
  const promise = new Promise((resolve) => (finish = resolve));
  const one = () => {
    if (++done === count) finish();
  };
  return { promise, one };
}

async function graphileWorker() {
  const { Logger, run, runMigrations } = await import("graphile-worker");
  const { default: pg } = await import("pg");
  await runMigrations({ connectionString: url });
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    `SELECT graphile_worker.add_jobs(array_agg(
       ('bench', json_build_object('n', n), NULL, NULL, NULL, NULL, NULL, NULL)
       ::graphile_worker.job_spec)) FROM generate_series(1, $1::int) n`, [count]);
  await client.end();
  const { promise, one } = drained();
  const started = performance.now();
  const runner = await run({
    noHandleSignals: true, logger: new Logger(() => () => {}),
    taskList: { bench: async () => one() },
    preset: { worker: { connectionString: url, concurrentJobs: 24, maxPoolSize: 25,
                        localQueue: { size: 500 }, completeJobBatchDelay: 0,
                        failJobBatchDelay: 0 } },
  });
  await promise;
  await runner.stop(); // waits for the completions that are still on their way
  return (performance.now() - started) / 1000;
}

async function pgBoss() {
  const { default: PgBoss } = await import("pg-boss");
  const boss = new PgBoss(url);
  await boss.start();
  await boss.createQueue("bench");
  for (let at = 0; at < count; at += 5000)
    await boss.insert("bench", Array.from({ length: Math.min(5000, count - at) },
                                          (_, i) => ({ data: { n: at + i } })));
  const { promise, one } = drained();
  const started = performance.now();
  // fetch and complete by hand: `work` waits half a second between batches
  const drain = async () => {
    for (;;) {
      const jobs = await boss.fetch("bench", { batchSize: 500 });
      if (jobs.length === 0) return;
      await boss.complete("bench", jobs.map((job) => job.id));
      jobs.forEach(one);
    }
  };
  await Promise.all([drain(), drain(), drain(), drain()]);
  await promise;
  const seconds = (performance.now() - started) / 1000;
  await boss.stop({ graceful: false });
  return seconds;
}

async function bullmq() {
  const { Queue, Worker } = await import("bullmq");
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port) };
  const queue = new Queue("bench", { connection });
  for (let at = 0; at < count; at += 5000)
    await queue.addBulk(Array.from({ length: Math.min(5000, count - at) },
                                   (_, i) => ({ name: "job", data: { n: at + i } })));
  const { promise, one } = drained();
  const started = performance.now();
  const worker = new Worker("bench", async () => {}, { connection, concurrency: 200 });
  worker.on("completed", one);
  await promise;
  const seconds = (performance.now() - started) / 1000;
  await worker.close();
  await queue.close();
  return seconds;
}

const kinds = { "graphile-worker": graphileWorker, "pg-boss": pgBoss, bullmq };
console.log(JSON.stringify({ seconds: await kinds[kind]() }));
process.exit(0);
