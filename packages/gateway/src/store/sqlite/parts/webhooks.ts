import type { WebhookStore } from '../../port.ts';
import { findWebhookSecret } from '../operations/webhook-secret.ts';
import { deliveries, deliveriesOf, delivery, endpoint, endpoints } from '../reads/webhooks.ts';
import type { StoreFile } from '../store-file.ts';

export function webhookStore(file: StoreFile): WebhookStore {
  return {
    claimDeliveries: (command) => file.write('claimDeliveries', command),
    async recordDelivery(result) {
      const recorded = await file.write('recordDelivery', result);
      if (recorded && result.status === 'pending') file.tell({ kind: 'work' });
      return recorded;
    },
    deliveries: (generationId) => file.read((db) => deliveries(db, generationId)),
    delivery: (id) => file.read((db) => delivery(db, id)),
    async redeliver(id, now) {
      const delivery = await file.write('redeliver', { id, now });
      if (delivery !== undefined) file.tell({ kind: 'work' });
      return delivery;
    },
    createEndpoint: (endpoint) => file.write('createEndpoint', endpoint),
    endpoint: (id) => file.read((db) => endpoint(db, id)),
    endpoints: (accountId, dialect) => file.read((db) => endpoints(db, accountId, dialect)),
    updateEndpoint: (id, patch) => file.write('updateEndpoint', { id, patch }),
    deleteEndpoint: (id) => file.write('deleteEndpoint', id),
    deliveriesOf: (endpointId, limit, cursor) =>
      file.read((db) => deliveriesOf(db, endpointId, limit, cursor)),
    async webhookSecret(accountId, dialect, mode, makeSealed) {
      const known = await file.read((db) => findWebhookSecret(db, accountId, dialect, mode));
      return known ?? file.write('webhookSecret', { accountId, dialect, mode, sealed: makeSealed });
    },
    replaceWebhookSecret: (accountId, dialect, mode, sealed) =>
      file.write('replaceWebhookSecret', { accountId, dialect, mode, sealed }),
  };
}
