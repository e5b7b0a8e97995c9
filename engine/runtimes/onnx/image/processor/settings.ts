import { ModelJobError } from '../../../../../planner/index.js';
import type { ProcessorName } from './defaults.js';

const croppers = [
  ...(['BeitImageProcessor', 'BitImageProcessor', 'ChineseCLIPImageProcessor', 'CLIPImageProcessor'] as const),
  ...(['DeiTImageProcessor', 'EfficientNetImageProcessor', 'MobileNetV1ImageProcessor'] as const),
  ...(['MobileNetV2ImageProcessor', 'MobileViTImageProcessor'] as const),
];

const ofQueries = [
  ...(['ConditionalDetrImageProcessor', 'DeformableDetrImageProcessor', 'DetrImageProcessor'] as const),
  ...([
    'Mask2FormerImageProcessor',
    'MaskFormerImageProcessor',
    'RTDetrImageProcessor',
    'YolosImageProcessor',
  ] as const),
];

/** Settings that some processors of transformers 4.57 obey, and others let lie. */
const obeyed: Readonly<Record<string, readonly ProcessorName[]>> = {
  do_center_crop: croppers,
  crop_size: croppers,
  crop_pct: ['ConvNextImageProcessor'],
  do_pad: [...ofQueries, 'DPTImageProcessor'],
  pad_size: ofQueries,
  size_divisor: ['DPTImageProcessor', 'Mask2FormerImageProcessor', 'MaskFormerImageProcessor'],
  do_flip_channel_order: ['MobileViTImageProcessor'],
  rescale_offset: ['EfficientNetImageProcessor'],
  include_top: ['EfficientNetImageProcessor'],
  keep_aspect_ratio: ['DPTImageProcessor'],
  ensure_multiple_of: ['DPTImageProcessor'],
};

/** What torchvision's processors obey, whatever their class. */
const ofTorchvision: ReadonlySet<string> = new Set(['do_center_crop', 'do_pad']);

/** MobileViT's has no such step. */
function isObeyed(name: ProcessorName, setting: string): boolean {
  if (name === 'MobileViTImageProcessor' && setting === 'do_normalize') return false;
  return obeyed[setting]?.includes(name) ?? true;
}

/**
 * The settings of a file that its processor obeys.
 *
 * @param type its class as the file names it
 * @throws ModelJobError `MissingDependency` for one that only its class on torchvision obeys
 */
export function obeyedSettings(
  name: ProcessorName,
  type: string,
  told: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const others = Object.keys(told).filter((setting) => !isObeyed(name, setting));
  const refused = others.find((setting) => type.endsWith('Fast') && ofTorchvision.has(setting) && told[setting]);
  if (refused !== undefined) {
    const message = `preprocessor_config.json: \`${refused}\` of ${type} is not served, for ${name} has none`;
    throw new ModelJobError('MissingDependency', message);
  }
  return Object.fromEntries(Object.entries(told).filter(([setting]) => !others.includes(setting)));
}
