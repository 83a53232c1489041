// A server of its own for a journey: fresh data, a free port, gone afterwards.
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export class Server {
  constructor(binary, log) {
    this.binary = binary;
    this.data = mkdtempSync(join(tmpdir(), 'atelier-e2e-'));
    this.log = createWriteStream(log, { flags: 'a' });
    this.printed = '';
    /** What `atelier serve` finds in its environment from the next start on. */
    this.environment = {};
  }

  async start() {
    this.port ??= await freePort();
    this.origin = `http://127.0.0.1:${this.port}`;
    const words = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`];
    this.process = spawn(this.binary, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.environment },
    });
    this.ended = new Promise((done) => this.process.once('exit', done));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (bytes) => {
        this.printed += bytes;
        this.log.write(bytes);
      });
    }
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`the server ended:\n${this.printed}`);
      try {
        const reply = await fetch(`${this.origin}/api/v2/me`);
        if (reply.ok) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** The path of the one-time link that makes the first administrator. */
  async setupPath() {
    for (;;) {
      const found = /\/setup\?token=[\w-]+/.exec(this.printed);
      if (found) return found[0];
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async end(signal = 'SIGTERM') {
    this.process.kill(signal);
    await this.ended;
  }

  /** Runs the program beside the server; its JSON output. */
  command(...words) {
    return new Promise((done, fail) => {
      const all = [...words, '--data', this.data, '--json'];
      execFile(this.binary, all, (error, output, errors) => {
        if (error) fail(new Error(`${words.join(' ')}: ${errors || error.message}`));
        else done(output.trim() ? JSON.parse(output) : null);
      });
    });
  }

  async person(username, role = 'member', password = 'walnut-etching-lamp') {
    const email = `${username}@example.org`;
    await this.command(
      ...['user', 'create', '--email', email, '--username', username],
      ...['--password', password, '--role', role],
    );
    return { username, email, password };
  }

  /** Waits until no job waits or runs, as the administrator `username` sees it. */
  async settle(username) {
    const { key } = await this.command('key', 'create', '--user', username, '--scopes', 'all');
    for (;;) {
      const headers = { Authorization: `Bearer ${key}` };
      const reply = await fetch(`${this.origin}/api/v2/admin/jobs/summary`, { headers });
      const { states } = await reply.json();
      if (states.pending + states.processing === 0) return;
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  async remove() {
    if (this.process && this.process.exitCode === null) await this.end();
    this.log.end();
    rmSync(this.data, { recursive: true, force: true });
  }
}
