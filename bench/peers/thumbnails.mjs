// thumbnails.mjs photos FOLDER COUNT: writes COUNT generated photos, in turns PNG and JPEG.
// thumbnails.mjs make THREADS FOLDER FILE…: what bench/thumbnails_bench.cpp does, by sharp.
// thumbnails.mjs likeness FILE THUMBNAIL…: the structural similarity (SSIM, luma, 8×8 blocks) of
// each thumbnail to the file made small without loss.
import { createInterface } from 'node:readline';
import sharp from 'sharp';

/** A landscape of gradients and shapes with the noise of a sensor over it. */
async function photo(target, index) {
  const png = index % 2 === 0;
  const width = png ? 1024 : 2400, height = png ? 1024 : 1600;
  const shapes = Array.from({ length: 60 }, (_, n) => {
    const seed = (index * 60 + n) * 2654435761 % 4294967296;
    const [x, y, r] = [seed % width, (seed >>> 8) % height, 20 + (seed >>> 4) % (width / 8)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${seed % 360} 60% ${20 + seed % 60}%)"` +
      ` fill-opacity="0.6"/>`;
  });
  const scene = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}"` +
    ` height="${height}"><defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#357"/>` +
    `<stop offset="1" stop-color="#dc8"/></linearGradient></defs><rect width="100%" height="100%"` +
    ` fill="url(#sky)"/>${shapes.join('')}</svg>`);
  const noise = await sharp({ create: { width, height, channels: 3, background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 12 } } }).png().toBuffer();
  const picture = sharp(scene).removeAlpha()
    .composite([{ input: noise, blend: 'soft-light' }]).removeAlpha();
  await (png ? picture.png() : picture.jpeg({ quality: 92 })).toFile(target);
}

const encode = {
  webp: (image, quality) => image.webp({ quality, effort: 4 }),
  jpeg: (image, quality) => image.jpeg({ quality, mozjpeg: false }),
  png: (image) => image.png(),
  avif: (image, quality) => image.avif({ quality, effort: 2, chromaSubsampling: '4:2:0' }),
};

async function make(threads, folder, files) {
  sharp.cache(false);
  sharp.concurrency(1);
  for await (const line of createInterface({ input: process.stdin })) {
    const [medium, width, quality] = line.split(' ');
    let next = 0;
    const worker = async () => {
      for (let n = next++; n < files.length; n = next++)
        await encode[medium](sharp(files[n]).rotate().resize({ width: +width,
          withoutEnlargement: true }), +quality).toFile(`${folder}/sharp-${n}.${medium}`);
    };
    await Promise.all(Array.from({ length: threads }, worker));
    console.log('done');
  }
}

/** Mean SSIM over 8×8 blocks of two greyscale pictures of the same size. */
function similarity(a, b, width, height) {
  const c1 = 6.5025, c2 = 58.5225;
  let sum = 0, blocks = 0;
  for (let y = 0; y + 8 <= height; y += 8) {
    for (let x = 0; x + 8 <= width; x += 8) {
      let ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
      for (let i = 0; i < 64; i++) {
        const at = (y + (i >> 3)) * width + x + (i & 7);
        ma += a[at], mb += b[at], aa += a[at] ** 2, bb += b[at] ** 2, ab += a[at] * b[at];
      }
      ma /= 64, mb /= 64;
      const va = aa / 64 - ma * ma, vb = bb / 64 - mb * mb, cov = ab / 64 - ma * mb;
      sum += (2 * ma * mb + c1) * (2 * cov + c2) /
        ((ma * ma + mb * mb + c1) * (va + vb + c2));
      blocks++;
    }
  }
  return sum / blocks;
}

async function likeness(file, thumbnails) {
  for (const thumbnail of thumbnails) {
    const { data, info } = await sharp(thumbnail).removeAlpha().greyscale().raw()
      .toBuffer({ resolveWithObject: true });
    const whole = await sharp(file).resize(info.width, info.height, { fit: 'fill' }).removeAlpha()
      .greyscale().raw().toBuffer();
    console.log(similarity(data, whole, info.width, info.height).toFixed(5));
  }
}

const [task, ...rest] = process.argv.slice(2);
if (task === 'photos')
  for (let n = 0; n < +rest[1]; n++)
    await photo(`${rest[0]}/photo-${n}.${n % 2 === 0 ? 'png' : 'jpg'}`, n);
else if (task === 'make') await make(+rest[0], rest[1], rest.slice(2));
else await likeness(rest[0], rest.slice(1));
