import type { Processor, Tensors } from '../library.js';
import { outputNamed } from '../outputs.js';
import type { Pixels } from './read-image.js';

/** An image as the input of a network; what else a processor tells is for whoever draws into the image. */
export async function pixelValues(processor: Processor, image: Pixels): Promise<Tensors> {
  return { pixel_values: outputNamed(await processor(image), 'pixel_values') };
}
