// A ComfyUI for journeys: the fake of the compiled tests (tests/support/comfyui_fake.hpp), played
// by the test binary beside the program. It stands in for a real one, which needs weights.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export class ComfyUi {
  /** `binary` is the program under test. */
  static async start(binary) {
    const player = join(dirname(binary), 'unit_engines');
    if (!existsSync(player)) throw new Error(`${player} is not built: it plays ComfyUI`);
    const comfy = new ComfyUi();
    comfy.process = spawn(player, ['--gtest_brief=1'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ATELIER_TEST_ROLE: 'comfyui' },
    });
    for await (const line of createInterface({ input: comfy.process.stdout })) {
      const found = /^ComfyUI at (\S+)$/.exec(line);
      if (!found) continue;
      comfy.url = found[1];
      return comfy;
    }
    throw new Error('the fake ComfyUI ended');
  }

  /** Work waits from now on, or goes on. */
  hold(held) {
    this.process.stdin.write(held ? 'hold\n' : 'go on\n');
  }

  async end() {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.stdin.end();
    await ended;
  }
}
