// PNG images as arrays with values in [0, 1], each sample divided by the largest of its bits: grey images are
// matrices [height, width], colour images tensors [height, width, 3]. A pattern such as `train/*.png` is the stack
// of the images it names, sorted by name as code points order them, one image a row. Nothing is converted that
// was not asked for: an image that is not opaque says so, and images of one stack are alike.

import { withContent } from '../content.ts';
import { allocateValues } from '../data-array.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { filesOf, isPattern } from '../file-pattern.ts';
import { checkElements } from '../limits.ts';
import type { Limits } from '../limits.ts';
import { gather } from './numeric-body.ts';
import { decodePng, pngHeaderBytes, readPngHeader } from './png.ts';
import type { PngHeader, PngImage } from './png.ts';
import { selectedShape } from '../table.ts';
import type { FileHeader, Table } from '../table.ts';

/** What a pixel becomes; without a choice grey stays grey and everything else is red, green and blue. */
export type ImageChannels = 'grey' | 'rgb' | 'rgba';

interface Frame {
  readonly header: PngHeader;
  readonly channels: ImageChannels;
  readonly shape: readonly number[];
}

/** Opens an image, or the stack of images that a pattern names. */
export function openImage(
  path: string,
  wanted: ImageChannels | undefined,
  limits: Limits,
): DataResult<Table> {
  const files = filesOf(path, limits);
  if (!files.ok) return files;
  const frame = readFrames(files.value, wanted, limits);
  if (!frame.ok) return frame;
  const { shape } = frame.value;
  const [first = path] = files.value;
  if (isPattern(path)) {
    const stacked = [files.value.length, ...shape];
    return success({
      shape: stacked,
      read: ({ rows, limits: within }) => {
        const order = rows ?? Uint32Array.from(files.value, (_, k) => k);
        const resultShape = selectedShape(stacked, { rows: order });
        const values = allocateValues(path, resultShape, within);
        if (!values.ok) return values;
        const size = shape.reduce((product, each) => product * each, 1);
        for (const [k, row] of order.entries()) {
          const file = files.value[row] as string;
          const wrong = decodeInto(
            file,
            frame.value,
            limits,
            values.value.subarray(k * size, (k + 1) * size),
          );
          if (wrong !== undefined) return wrong;
        }
        return success({ shape: resultShape, values: values.value });
      },
    });
  }
  return success({
    shape,
    read: (selection) => {
      const whole = allocateValues(path, shape, selection.limits);
      if (!whole.ok) return whole;
      const wrong = decodeInto(first, frame.value, limits, whole.value);
      if (wrong !== undefined) return wrong;
      if (selection.rows === undefined && selection.columns === undefined) {
        return success({ shape, values: whole.value });
      }
      const resultShape = selectedShape(shape, selection);
      const values = allocateValues(path, resultShape, selection.limits);
      if (!values.ok) return values;
      gather(whole.value, shape, selection, values.value);
      return success({ shape: resultShape, values: values.value });
    },
  });
}

/** The shape that `openImage` opens, from the first bytes of each file. */
export function readImageHeader(
  path: string,
  wanted: ImageChannels | undefined,
  limits: Limits,
): DataResult<FileHeader> {
  const files = filesOf(path, limits);
  if (!files.ok) return files;
  const frame = readFrames(files.value, wanted, limits);
  if (!frame.ok) return frame;
  const { shape } = frame.value;
  return success({
    shape: isPattern(path) ? [files.value.length, ...shape] : shape,
    range: { lower: 0, upper: 1 },
  });
}

/** What all images of a stack have in common, from their headers. */
function readFrames(
  files: readonly string[],
  wanted: ImageChannels | undefined,
  limits: Limits,
): DataResult<Frame> {
  let common: Frame | undefined;
  for (const path of files) {
    const header = withContent(path, limits, ({ read }) => {
      const start = read(0, pngHeaderBytes);
      return start.ok ? readPngHeader(path, start.value) : start;
    });
    if (!header.ok) return header;
    const frame = frameOf(header.value, wanted);
    const size = checkElements(path, frame.shape, limits);
    if (!size.ok) return size;
    if (common !== undefined && frame.shape.join() !== common.shape.join()) {
      return failure(
        path,
        `the image has the shape [${frame.shape.join(', ')}], the first of its stack [${common.shape.join(', ')}]`,
        frame.shape.length === common.shape.length
          ? 'Bring all images to one size'
          : 'Choose `channels = "grey"` or `channels = "rgb"` for all',
        { byte: 16 },
      );
    }
    common ??= frame;
  }
  return success(common as Frame);
}

function frameOf(header: PngHeader, wanted: ImageChannels | undefined): Frame {
  const { width, height, colour } = header;
  const channels = wanted ?? (colour === 'grey' || colour === 'grey-alpha' ? 'grey' : 'rgb');
  const depth = { grey: [], rgb: [3], rgba: [4] }[channels];
  return { header, channels, shape: [height, width, ...depth] };
}

/** Decodes one image of the frame's shape to `values`. */
function decodeInto(
  path: string,
  { shape, channels }: Frame,
  limits: Limits,
  values: Float64Array,
): DataFailure | undefined {
  const content = withContent(path, limits, ({ size, read }) => read(0, size));
  if (!content.ok) return content;
  const header = readPngHeader(path, content.value);
  if (!header.ok) return header;
  if (frameOf(header.value, channels).shape.join() !== shape.join()) {
    return failure(path, 'the file changed while it was read', 'Run again once it is written completely');
  }
  const image = decodePng(path, content.value, header.value, limits);
  return image.ok ? convert(path, image.value, channels, values) : image;
}

/** Writes the pixels of an image to `values`; fails at the first that is not opaque unless alpha is wanted. */
function convert(
  path: string,
  image: PngImage,
  wanted: ImageChannels,
  values: Float64Array,
): DataFailure | undefined {
  const { width, height } = image;
  const pixel = pixelReader(image);
  const colour = new Float64Array(4);
  for (let k = 0, target = 0; k < width * height; k++) {
    const entry = pixel(k, colour);
    if (entry !== undefined) {
      return failure(
        path,
        `the pixel in ${place(k, width)} has the colour ${entry} of a palette that has fewer`,
        'The file is damaged: write it again',
        { row: Math.floor(k / width) + 1 },
      );
    }
    // By index: taking a typed array apart would cost more than the pixel.
    const red = colour[0] as number;
    const green = colour[1] as number;
    const blue = colour[2] as number;
    const alpha = colour[3] as number;
    if (wanted !== 'rgba' && alpha !== 1) {
      return failure(
        path,
        `the pixel in ${place(k, width)} is not opaque`,
        'Write `channels = "rgba"` to have the transparency too, or save the image without it',
        { row: Math.floor(k / width) + 1 },
      );
    }
    if (wanted === 'grey') {
      values[target++] = luminance(red, green, blue);
      continue;
    }
    values[target++] = red;
    values[target++] = green;
    values[target++] = blue;
    if (wanted === 'rgba') values[target++] = alpha;
  }
  return undefined;
}

/** The weights of ITU-R BT.601, as MATLAB's rgb2gray and Pillow use them; grey stays exactly what it is. */
function luminance(red: number, green: number, blue: number): number {
  return red === green && green === blue ? red : 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * Reads the pixel with a number as red, green, blue and alpha in [0, 1]; the answer is the number of a colour
 * that the palette does not have, or undefined.
 */
function pixelReader(image: PngImage): (k: number, colour: Float64Array) => number | undefined {
  const { samples, channels, depth, palette, paletteAlpha, transparent } = image;
  const most = 2 ** depth - 1;
  if (image.colour === 'palette') {
    return (k, colour) => {
      const entry = samples[k] as number;
      if (palette === undefined || 3 * entry >= palette.length) return entry;
      for (let c = 0; c < 3; c++) colour[c] = (palette[3 * entry + c] as number) / 255;
      colour[3] = (paletteAlpha?.[entry] ?? 255) / 255;
      return undefined;
    };
  }
  const shown = channels < 3 ? 1 : 3;
  return (k, colour) => {
    const at = k * channels;
    for (let c = 0; c < 3; c++) colour[c] = (samples[at + (shown === 1 ? 0 : c)] as number) / most;
    const keyed = transparent !== undefined && transparent.every((sample, c) => samples[at + c] === sample);
    colour[3] = channels > shown ? (samples[at + shown] as number) / most : keyed ? 0 : 1;
    return undefined;
  };
}

function place(k: number, width: number): string {
  return `row ${Math.floor(k / width) + 1}, column ${(k % width) + 1}`;
}
