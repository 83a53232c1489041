// What a journey stands on but does not click, made through the API with a key of its owner.
import { picture } from './pictures.mjs';

export class Seed {
  static async of(server, username) {
    const { key } = await server.command('key', 'create', '--user', username, '--scopes', 'all');
    return new Seed(server.origin, key);
  }

  constructor(origin, key) {
    this.origin = origin;
    this.authorization = `Bearer ${key}`;
  }

  async call(method, path, body, headers = { 'Content-Type': 'application/json' }) {
    const reply = await fetch(`${this.origin}/api/v2${path}`, {
      method,
      body: Buffer.isBuffer(body) ? body : body && JSON.stringify(body),
      headers: { Authorization: this.authorization, ...headers },
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return { file: Number(reply.headers.get('Atelier-File')), ...(text && JSON.parse(text)) };
  }

  get = (path) => this.call('GET', path);
  put = (path, body) => this.call('PUT', path, body);
  make = (path, body) => this.call('POST', path, body);

  async upload(name, bytes) {
    const { file } = await this.call('POST', '/uploads', bytes, {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(bytes.length),
      'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
      'Content-Type': 'application/offset+octet-stream',
    });
    return file;
  }

  /** An image of its own, read to its end. What it shows follows from `seed`. */
  async image({ level = 1, file, ...drawn }) {
    file ??= await this.upload(`${drawn.seed}.png`, picture(drawn));
    const { image } = await this.make('/images', { file, nsfwLevel: level });
    return image.id;
  }

  /** A published post of these images; the numbers of both. */
  async post({ title, version, images }) {
    const ids = [];
    for (const one of images) ids.push(await this.image(one));
    for (const id of ids) {
      while ((await this.get(`/images/${id}`)).image.state === 'pending') {
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    const { id } = await this.make('/posts', { title, version, images: ids });
    await this.make(`/posts/${id}/publish`, {});
    return { id, images: ids };
  }

  /** A published model with one version and file. */
  async model(name, bytes, { baseModel = 'SDXL 1.0', ...rest } = {}) {
    const model = await this.make('/models', { name, type: 'LORA', ...rest });
    const version = await this.make(`/models/${model.id}/versions`, {
      name: 'v1',
      baseModel,
    });
    const file = await this.upload(`${name.toLowerCase()}.safetensors`, bytes);
    await this.make(`/versions/${version.id}/files`, { file });
    for (;;) {
      const { versions } = await this.get(`/models/${model.id}`);
      if (versions[0].files[0]?.verdict !== 'pending') break;
      await new Promise((done) => setTimeout(done, 50));
    }
    await this.make(`/versions/${version.id}/publish`, {});
    return { id: model.id, version: version.id };
  }
}
