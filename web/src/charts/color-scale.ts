import { scaleLinear } from 'd3-scale';
import { palette } from '../styles/theme';

/** Diverging scales from -1 over 0 to 1, which stay apart in every kind of colour vision. */
const light = ['#0b3c7d', '#3f82c4', '#a9cbe6', '#fbfaf7', '#f6c193', '#d9701e', '#7f3500'];
const dark = ['#a8d4ff', '#4b93dc', '#1d446f', '#17191d', '#6b3a17', '#df7d2c', '#ffd3a6'];

const levels = 255; // odd, so that 0 has a colour of its own

/** (levels): red, green, blue and alpha of each level, as four bytes in this order. */
function createTable(colors: readonly string[]): Uint32Array {
  const scale = scaleLinear<string>(
    colors.map((_, index) => index / (colors.length - 1)),
    colors,
  );
  const table = Array.from({ length: levels }, (_, level) => {
    const channels = scale(level / (levels - 1)).match(/\d+/g) ?? [];
    return [...channels.map(Number), 255];
  });
  return new Uint32Array(new Uint8Array(table.flat()).buffer);
}

const tables = { light: createTable(light), dark: createTable(dark) };

/**
 * An image of `values` (width * height, rows first), with -limit and limit at the scale's ends. What is no number stays
 * transparent. It depends on the page's theme.
 */
export function paint(values: ArrayLike<number>, limit: number, width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = tables[palette.value];
  const scale = limit > 0 ? limit : 1;
  for (let index = 0; index < width * height; index += 1) {
    const fraction = ((values[index] ?? NaN) / scale + 1) / 2;
    const level = Math.max(0, Math.min(levels - 1, Math.round(fraction * (levels - 1))));
    pixels[index] = colors[level] ?? 0;
  }
  return image;
}
