import type { NewDelivery } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { GenerationView, Moment } from '../dialect.ts';

interface Receiver {
  readonly url: string;
  readonly endpointId: string | null;
  readonly events: readonly string[];
  readonly sealedSecret: string | null;
}

/** The webhooks that are due at a moment in a generation's life: every event, to every receiver that wants it. */
export async function deliveriesFor(
  core: Core,
  moment: Moment,
  view: GenerationView,
): Promise<readonly NewDelivery[]> {
  const { generation } = view;
  const dialect = core.dialects.get(generation.dialect);
  if (dialect === undefined) return [];
  const hasEndpoints = dialect.endpointEvents.length > 0;
  if (generation.webhook === null && !hasEndpoints) return [];
  const told = dialect.events(core, moment, view);
  const events = told instanceof Promise ? await told : told;
  if (events.length === 0) return [];

  const receivers: Receiver[] = [];
  if (generation.webhook !== null) {
    receivers.push({
      url: generation.webhook.url,
      endpointId: null,
      events: generation.webhook.events ?? [],
      sealedSecret: generation.webhook.sealedSecret ?? null,
    });
  }
  if (hasEndpoints) {
    for (const endpoint of await core.store.endpoints(generation.accountId, dialect.name)) {
      if (endpoint.status === 'active')
        receivers.push({
          url: endpoint.url,
          endpointId: endpoint.id,
          events: endpoint.events,
          sealedSecret: null,
        });
    }
  }

  const createdAt = core.now();
  return receivers.flatMap((receiver) =>
    events
      .filter(({ event }) => receiver.events.length === 0 || receiver.events.includes(event))
      .map(({ event, body }) => {
        const id = dialect.newDeliveryId(createdAt);
        return {
          id,
          accountId: generation.accountId,
          dialect: dialect.name,
          mode: generation.mode,
          generationId: generation.id,
          endpointId: receiver.endpointId,
          event,
          sealedSecret: receiver.sealedSecret,
          url: receiver.url,
          body: body(id, createdAt),
          createdAt,
        };
      }),
  );
}
