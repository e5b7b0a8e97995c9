/** Why a signature does not hold: for the caller to tell of which model. */
export class SignatureFault extends Error {
  override readonly name = 'SignatureFault';

  /** @param facts the file and the key that it is about, as far as they are known */
  constructor(
    message: string,
    readonly facts: { file?: string; key?: string } = {},
  ) {
    super(message);
  }
}
