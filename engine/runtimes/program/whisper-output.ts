import { z } from 'zod';

/** What `whisper-cli -oj` writes, as far as it is read; offsets in milliseconds. */
const whisperSchema = z.object({
  result: z.object({ language: z.string() }).optional(),
  transcription: z.array(z.object({ offsets: z.object({ from: z.number(), to: z.number() }), text: z.string() })),
});

/** whisper.cpp's JSON in the shape of `speech_recognition`: times in seconds. Undefined for other JSON. */
export function whisperOutput(value: unknown) {
  const parsed = whisperSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { result, transcription } = parsed.data;
  return {
    text: transcription
      .map(({ text }) => text)
      .join('')
      .trim(),
    ...(result ? { language: result.language } : {}),
    chunks: transcription.map(({ offsets: { from, to }, text }) => ({ timestamp: [from / 1000, to / 1000], text })),
  };
}
