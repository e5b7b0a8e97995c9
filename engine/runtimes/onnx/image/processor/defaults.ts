const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

const clip = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};

const square = (side: number) => ({ height: side, width: side });

/** Pillow's numbers of filters. */
const [nearest, bicubic] = [0, 3];

const cropped = { do_center_crop: true, crop_size: square(224) };

const clipLike = { size: { shortest_edge: 224 }, resample: bicubic, ...cropped, ...clip };

const mobile = { size: { shortest_edge: 256 }, ...cropped };

const detection = { size: { shortest_edge: 800, longest_edge: 1333 }, do_pad: true, ...imagenet };

const masks = { size: { shortest_edge: 800, longest_edge: 1333 }, size_divisor: 32, ...imagenet };

/**
 * What a processor does where its file doesn't say, by its class: the signatures in transformers 4.57. What is not said
 * here either is bilinear, from 0 to 1 by 1/255, and from -1 to 1 by mean and deviation of 0.5.
 */
export const processorDefaults = {
  BeitImageProcessor: { size: square(256), resample: bicubic, ...cropped },
  BitImageProcessor: clipLike,
  ChineseCLIPImageProcessor: clipLike,
  CLIPImageProcessor: clipLike,
  ConditionalDetrImageProcessor: detection,
  ConvNextImageProcessor: { size: { shortest_edge: 384 }, crop_pct: 224 / 256 },
  DeformableDetrImageProcessor: detection,
  DeiTImageProcessor: { size: square(256), resample: bicubic, ...cropped },
  DetrImageProcessor: detection,
  DINOv3ViTImageProcessor: { size: square(224), ...imagenet },
  DPTImageProcessor: { size: square(384), resample: bicubic },
  EfficientNetImageProcessor: { size: square(346), resample: nearest, crop_size: square(289), include_top: true },
  Mask2FormerImageProcessor: masks,
  MaskFormerImageProcessor: masks,
  MobileNetV1ImageProcessor: mobile,
  MobileNetV2ImageProcessor: mobile,
  MobileViTImageProcessor: {
    size: { shortest_edge: 224 },
    do_center_crop: true,
    crop_size: square(256),
    do_normalize: false,
    do_flip_channel_order: true,
  },
  PvtImageProcessor: { size: square(224), ...imagenet },
  RTDetrImageProcessor: { size: square(640), do_normalize: false, ...imagenet },
  SegformerImageProcessor: { size: square(512), ...imagenet },
  SiglipImageProcessor: { size: square(224), resample: bicubic },
  ViTImageProcessor: { size: square(224) },
  YolosImageProcessor: detection,
} as const;

/** A processor of transformers whose rules are followed here. */
export type ProcessorName = keyof typeof processorDefaults;
