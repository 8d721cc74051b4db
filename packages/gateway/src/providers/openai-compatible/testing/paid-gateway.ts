import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';
import { KEY, type OpenAiDouble, startOpenAiDouble } from './double.ts';

export interface PaidGateway {
  readonly gateway: TestGateway;
  readonly double: OpenAiDouble;
  close(): Promise<void>;
}

/** A gateway whose models, named `dialect/id`, run on a server that charges for every call and honours no keys. */
export async function startPaidGateway(...models: readonly string[]): Promise<PaidGateway> {
  const double = await startOpenAiDouble();
  const gateway = await startTestGateway({
    config: `
providers:
  up: { type: openai-compatible, base_url: ${double.baseUrl}, api_key: ${KEY}, poll_interval: 20ms }
route_health: { window: 30, min_calls: 30 }
models:
${models.map((model) => `  ${model}: { routes: [up/talker] }`).join('\n')}
`,
  });
  return {
    gateway,
    double,
    close: async () => {
      await gateway.close();
      await double.close();
    },
  };
}
