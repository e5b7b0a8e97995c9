/**
 * Runs `work` over what `take` gives, at most `width` at a time, until it gives undefined.
 * The first failure is thrown; nothing more is taken after it.
 */
export async function slideWindow<T>(
  width: number,
  take: () => T | undefined,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let item = take(); item !== undefined && !failed; item = take()) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
