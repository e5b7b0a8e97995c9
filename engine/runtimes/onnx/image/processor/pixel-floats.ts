import type { Rgb } from '../../../media/pillow-resize.js';
import type { ProcessorConfig } from './config.js';
import type { Place } from './place.js';

/** Red, green and blue one after the other, as networks take them, with black beside where the place is larger. */
export function pixelFloats({ width, height, data }: Rgb, config: ProcessorConfig, place: Place): Float32Array {
  const tables = [0, 1, 2].map((channel) => valuesOf(channel, config));
  const area = place.width * place.height;
  const floats = new Float32Array(3 * area);
  tables.forEach((table, channel) => {
    const plane = (config.do_flip_channel_order ? 2 - channel : channel) * area;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        floats[plane + (place.top + y) * place.width + place.left + x] =
          table[data[(y * width + x) * 3 + channel] ?? 0] ?? 0;
      }
    }
  });
  return floats;
}

/** What each byte of a channel becomes, rounded where transformers rounds it. */
function valuesOf(channel: number, config: ProcessorConfig): Float32Array {
  const mean = Math.fround(numberOf(config.image_mean, channel));
  const deviation = Math.fround(numberOf(config.image_std, channel));
  return Float32Array.from({ length: 256 }, (_, byte) => {
    let value = config.do_rescale ? Math.fround(byte * config.rescale_factor) : byte;
    if (config.rescale_offset) value = Math.fround(value - 1);
    if (config.do_normalize) value = Math.fround(Math.fround(value - mean) / deviation);
    // EfficientNet's, once more for its classifier.
    return config.include_top ? value / deviation : value;
  });
}

function numberOf(values: ProcessorConfig['image_mean'], channel: number): number {
  return typeof values === 'number' ? values : (values[channel] ?? 0);
}
