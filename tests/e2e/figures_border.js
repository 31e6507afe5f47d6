// Is the border of a PNG free?  Its outermost rows and columns must be white, or something was cut off.
//
//     node figures_border.js PICTURE.png
//
// PNG (W3C, third edition): chunks of length, name, bytes; the IDAT chunks together are a zlib stream of lines, each
// a filter type and bytes predicted from those to the left (a), above (b) and above left (c).  Eight bits a channel.
'use strict';
const zlib = require('zlib');
const file = require('fs').readFileSync(process.argv[2]);
const FREE = 2; // px at 300 to the inch
const WHITE = 250; // the least value of a channel that passes for white

let width, height, channels;
const parts = [];
for (let at = 8; at < file.length;) {
  const length = file.readUInt32BE(at);
  const name = file.toString('latin1', at + 4, at + 8);
  const bytes = file.subarray(at + 8, at + 8 + length);
  if (name === 'IHDR') {
    width = bytes.readUInt32BE(0);
    height = bytes.readUInt32BE(4);
    channels = { 0: 1, 2: 3, 6: 4 }[bytes[9]];
    if (bytes[8] !== 8 || !channels || bytes[12]) throw new Error('a PNG of another kind');
  }
  if (name === 'IDAT') parts.push(bytes);
  at += length + 12;
}

const lines = zlib.inflateSync(Buffer.concat(parts));
const stride = width * channels;
const paeth = (a, b, c) => {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};
const predict = [() => 0, (a) => a, (a, b) => b, (a, b) => (a + b) >> 1, paeth];
let above = Buffer.alloc(stride);
let inked = 0;
for (let y = 0; y < height; y++) {
  const line = Buffer.from(lines.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
  const guess = predict[lines[y * (stride + 1)]];
  for (let i = 0; i < stride; i++) {
    const left = i >= channels;
    line[i] += guess(left ? line[i - channels] : 0, above[i], left ? above[i - channels] : 0);
  }
  for (let x = 0; x < width; x++) {
    const border = x < FREE || y < FREE || x >= width - FREE || y >= height - FREE;
    if (border && line.subarray(x * channels, x * channels + Math.min(channels, 3)).some((v) => v < WHITE)) inked++;
  }
  above = line;
}
console.log(`${inked} pixels of the border are not white`);
process.exit(inked > 0 ? 1 : 0);
