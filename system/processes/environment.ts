/** An environment without what looks like a secret, for programs and models. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/TOKEN|API_KEY|SECRET|PASSWORD|CREDENTIAL/i.test(name)),
  );
}
