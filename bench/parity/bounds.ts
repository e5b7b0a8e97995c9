/** How far a task's outputs may be from Python's; of the tasks that are not named 1e-5. */
const bounds: Readonly<Record<string, number>> = {
  // The share of a mask's pixels: floats that are as near as can be fall to either side.
  image_segmentation: 1e-3,
  // In pixels: of a picture that OpenCV resizes one number of a thousand may be one step off.
  face_detection: 0.05,
  // Recordings of other rates: what filters let through near half of the new rate, which logarithms magnify.
  audio_classification: 5e-3,
  audio_embedding: 5e-3,
  // The same, as the share of letters; a random network is never sure of one.
  speech_recognition: 0.05,
};

/** The largest difference at which a task is held to be right. */
export function boundOf(task: string): number {
  return bounds[task] ?? 1e-5;
}
