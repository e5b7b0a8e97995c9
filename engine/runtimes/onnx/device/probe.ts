import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Provider } from './provider.js';

/** A graph that adds four floats to themselves: `Add(x, x) → y`, opset 13. */
const doubling = Buffer.from(
  'CAgSADo1Cg4KAXgKAXgSAXkiA0FkZBIBZ1oPCgF4EgoKCAgBEgQKAggEYg8KAXkSCgoICAESBAoCCARCBAoAEA0=',
  'base64',
);

/** Computes a little on a device; returns why that can't be, undefined where it can. */
export async function problemOf(provider: Provider): Promise<string | undefined> {
  try {
    const options = { executionProviders: [provider], logSeverityLevel: 4 } as const;
    const session = await InferenceSession.create(doubling, options);
    const { y } = await session.run({ x: new Tensor('float32', [1, 2, 3, 4], [4]) });
    await session.release();
    return String(y?.data) === '2,4,6,8' ? undefined : 'it computes wrong';
  } catch (error) {
    return reasonOf(error instanceof Error ? error.message : String(error));
  }
}

/** The words of ONNX Runtime without the place in its source. */
function reasonOf(message: string): string {
  const [line = ''] = message.trim().split('\n');
  return line.replace(/^\S+\.(?:cc|h):\d+ .*? was false\. /, '').slice(0, 300);
}
