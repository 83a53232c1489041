// A mail server that keeps what it gets (tests/support/mail_sink.py), for journeys.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../support/mail_sink.py', import.meta.url));

export class MailSink {
  async start() {
    this.process = spawn('/usr/bin/python3', [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.url = `smtp://127.0.0.1:${(await this.next()).port}`;
  }

  /** The next message: from, to, subject, text, headers. */
  async next() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the mail sink ended');
    return JSON.parse(value);
  }

  end() {
    this.process.stdin.end();
  }
}
