import { ModelJobError } from '../../../../../planner/index.js';
import type { ProcessorConfig } from './config.js';
import type { Size } from './sizes.js';

/** What a network sees, and where in it the picture stands; black is around it. */
export interface Place extends Size {
  left: number;
  top: number;
}

/**
 * The place of a picture, which is alone: it is padded only where the processor names a size, DPT's where it names what
 * sides are multiples of.
 *
 * @throws ModelJobError `Failed` where it pads and names neither
 */
export function placeOf(picture: Size, config: ProcessorConfig): Place {
  const { name, do_pad: pads, pad_size: wanted, size_divisor: step } = config;
  if (pads && name === 'DPTImageProcessor') return aroundMiddle(picture, step);
  if (!pads || wanted?.width === undefined || wanted.height === undefined)
    return { width: picture.width, height: picture.height, left: 0, top: 0 };
  const [width, height] = [Math.max(wanted.width, picture.width), Math.max(wanted.height, picture.height)];
  return { width, height, left: 0, top: 0 };
}

function aroundMiddle(picture: Size, step = 0): Place {
  if (step === 0) {
    const message = 'preprocessor_config.json: expected `size_divisor` beside `do_pad`';
    throw new ModelJobError('Failed', message, { retryable: false });
  }
  const whole = (length: number): number => Math.ceil(length / step) * step;
  const [width, height] = [whole(picture.width), whole(picture.height)];
  return {
    width,
    height,
    left: Math.floor((width - picture.width) / 2),
    top: Math.floor((height - picture.height) / 2),
  };
}
