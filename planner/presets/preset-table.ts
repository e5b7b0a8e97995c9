/** What the crate says of a licence that a caller must opt in to. */
const optIn = { explicitOptIn: 'true', licenseScope: 'model' };

const ccByNc = {
  ...optIn,
  license: 'cc-by-nc-4.0',
  licenseName: 'Creative Commons Attribution Non Commercial 4.0',
  licenseUrl: 'https://creativecommons.org/licenses/by-nc/4.0/',
};

const mit = { ...optIn, license: 'mit', licenseName: 'MIT', licenseUrl: 'https://opensource.org/license/mit/' };

/**
 * Id (and name), repository, task, files, metadata. A task that the crate has no name for is a custom one;
 * in files, `?` marks an optional one and `|` alternatives.
 */
export type PresetRow = readonly [
  id: string,
  repoId: string,
  task: string,
  files: string,
  metadata?: Record<string, string>,
];

/** The crate's 34 presets, in its order; each is a hub repository at revision `main`. */
export const presetTable: readonly PresetRow[] = [
  [
    'detr-resnet-50',
    'facebook/detr-resnet-50',
    'object_detection',
    'config.json, preprocessor_config.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'yolos-tiny',
    'hustvl/yolos-tiny',
    'object_detection',
    'config.json, preprocessor_config.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'distilbert-sst2',
    'distilbert-base-uncased-finetuned-sst-2-english',
    'text_classification',
    'config.json, tokenizer_config.json, vocab.txt, model.safetensors | pytorch_model.bin',
  ],
  [
    'bert-base-ner',
    'dslim/bert-base-NER',
    'token_classification',
    'config.json, tokenizer_config.json, vocab.txt, ?tokenizer.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'minilm-l6-v2',
    'sentence-transformers/all-MiniLM-L6-v2',
    'text_embedding',
    'config.json, tokenizer.json, tokenizer_config.json, vocab.txt, modules.json, ?sentence_bert_config.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'xenova-distilbert-sst2-onnx',
    'Xenova/distilbert-base-uncased-finetuned-sst-2-english',
    'text_classification',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx | onnx/model_quantized.onnx | onnx/model_int8.onnx',
  ],
  [
    'xenova-minilm-l6-v2-onnx',
    'Xenova/all-MiniLM-L6-v2',
    'text_embedding',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'xenova-all-mpnet-base-v2-onnx',
    'Xenova/all-mpnet-base-v2',
    'text_embedding',
    'config.json, tokenizer.json, tokenizer_config.json, ?modules.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'xenova-twitter-roberta-sentiment-latest-onnx',
    'Xenova/twitter-roberta-base-sentiment-latest',
    'text_classification',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'xenova-bart-large-mnli-onnx',
    'Xenova/bart-large-mnli',
    'zero_shot_classification',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx | onnx/encoder_model.onnx | onnx/model.onnx',
  ],
  [
    'xenova-bart-large-cnn-onnx',
    'Xenova/bart-large-cnn',
    'summarization',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/encoder_model.onnx | onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'xenova-ms-marco-minilm-l6-v2-onnx',
    'Xenova/ms-marco-MiniLM-L-6-v2',
    'reranking',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'xenova-roberta-base-squad2-onnx',
    'Xenova/roberta-base-squad2',
    'question_answering',
    'config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'roberta-base-squad2-onnx',
    'onnx-community/roberta-base-squad2-ONNX',
    'question_answering',
    'config.json, tokenizer.json, tokenizer_config.json, ?vocab.json, ?merges.txt, ?special_tokens_map.json, onnx/model_quantized.onnx | onnx/model.onnx | onnx/model_uint8.onnx',
  ],
  [
    'vit-base-patch16-224-onnx',
    'Xenova/vit-base-patch16-224',
    'image_classification',
    'config.json, preprocessor_config.json, onnx/model_quantized.onnx | onnx/model.onnx',
  ],
  [
    'vit-gpt2-image-captioning-onnx',
    'Xenova/vit-gpt2-image-captioning',
    'image_captioning',
    'config.json, generation_config.json, preprocessor_config.json, tokenizer.json, tokenizer_config.json, vocab.json, merges.txt, onnx/encoder_model_quantized.onnx | onnx/encoder_model.onnx, onnx/decoder_model_quantized.onnx | onnx/decoder_model.onnx',
  ],
  [
    'trocr-base-printed-onnx',
    'Xenova/trocr-base-printed',
    'optical_character_recognition',
    'config.json, preprocessor_config.json, tokenizer.json, ?generation_config.json, ?tokenizer_config.json, ?vocab.json, ?merges.txt, onnx/encoder_model_quantized.onnx | onnx/encoder_model.onnx | onnx/encoder_model_fp16.onnx, onnx/decoder_model_quantized.onnx | onnx/decoder_model.onnx | onnx/decoder_model_fp16.onnx',
  ],
  [
    'trocr-base-handwritten-onnx',
    'Xenova/trocr-base-handwritten',
    'optical_character_recognition',
    'config.json, preprocessor_config.json, tokenizer.json, ?generation_config.json, ?tokenizer_config.json, ?vocab.json, ?merges.txt, onnx/encoder_model_quantized.onnx | onnx/encoder_model.onnx | onnx/encoder_model_fp16.onnx, onnx/decoder_model_quantized.onnx | onnx/decoder_model.onnx | onnx/decoder_model_fp16.onnx',
  ],
  [
    'xenova-detr-resnet-50-onnx',
    'Xenova/detr-resnet-50',
    'object_detection',
    'config.json, preprocessor_config.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'xenova-yolov8n-pose-onnx',
    'Xenova/yolov8n-pose',
    'pose_estimation2d',
    'config.json, preprocessor_config.json, onnx/model_quantized.onnx | onnx/model_int8.onnx | onnx/model.onnx',
  ],
  [
    'ast-audioset',
    'MIT/ast-finetuned-audioset-10-10-0.4593',
    'audio_classification',
    'config.json, preprocessor_config.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'xenova-ast-audioset-onnx',
    'Xenova/ast-finetuned-audioset-10-10-0.4593',
    'audio_classification',
    'config.json, preprocessor_config.json, onnx/model.onnx | onnx/model_quantized.onnx',
  ],
  [
    'clap-htsat-unfused',
    'laion/clap-htsat-unfused',
    'audio_embedding',
    'config.json, preprocessor_config.json, ?tokenizer.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'whisper-tiny-en',
    'openai/whisper-tiny.en',
    'speech_recognition',
    'config.json, preprocessor_config.json, tokenizer.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'whisper-large-v3',
    'openai/whisper-large-v3',
    'speech_recognition',
    'config.json, generation_config.json, tokenizer.json, preprocessor_config.json, model.safetensors',
    { backend: 'candle' },
  ],
  [
    'whisper-large-v3-turbo',
    'openai/whisper-large-v3-turbo',
    'speech_recognition',
    'config.json, generation_config.json, tokenizer.json, preprocessor_config.json, model.safetensors',
    { backend: 'candle' },
  ],
  [
    'wav2vec2-base-960h',
    'facebook/wav2vec2-base-960h',
    'forced_alignment',
    'config.json, preprocessor_config.json, tokenizer.json | vocab.json, model.safetensors',
    { backend: 'candle' },
  ],
  [
    'pyannote-speaker-diarization-3-1',
    'pyannote/speaker-diarization-3.1',
    'speaker_diarization',
    'config.yaml, ?pytorch_model.bin',
    { backend: 'plan-only' },
  ],
  [
    'demucs-music-separation',
    'facebook/demucs',
    'source_separation',
    'config.json, pytorch_model.bin | model.safetensors',
  ],
  [
    'musicgen-small',
    'facebook/musicgen-small',
    'audio_generation',
    'config.json, preprocessor_config.json, tokenizer.json, model.safetensors | pytorch_model.bin',
  ],
  [
    'f5-tts-v1-base',
    'SWivid/F5-TTS',
    'speaker_conditioned_tts',
    'F5TTS_v1_Base/model_1250000.safetensors, F5TTS_v1_Base/vocab.txt',
    { ...ccByNc, displayName: 'F5-TTS v1 base', modelFamily: 'f5-tts' },
  ],
  [
    'f5-tts-base',
    'SWivid/F5-TTS',
    'speaker_conditioned_tts',
    'F5TTS_Base/model_1200000.safetensors, F5TTS_Base/vocab.txt',
    { ...ccByNc, displayName: 'F5-TTS base', modelFamily: 'f5-tts' },
  ],
  [
    'e2-tts-base',
    'SWivid/E2-TTS',
    'speaker_conditioned_tts',
    'E2TTS_Base/model_1200000.safetensors',
    { ...ccByNc, displayName: 'E2-TTS base', modelFamily: 'e2-tts' },
  ],
  [
    'vocos-mel-24khz',
    'charactr/vocos-mel-24khz',
    'audio_generation',
    'config.yaml, pytorch_model.bin',
    { ...mit, displayName: 'Vocos mel 24 kHz', modelFamily: 'vocos' },
  ],
];
