import Type, { type Static } from 'typebox';
import type { PriceUnit } from '../../domain/pricing.ts';
import { choice, count, duration, factor, text, usd } from '../fields.ts';
import { closed, map, optional } from './shapes.ts';

const PRICE_UNITS: [PriceUnit, ...PriceUnit[]] = ['call', 'image', 'second', 'character', 'token'];

export const price = Type.Object(
  {
    unit: choice(
      PRICE_UNITS,
      'The unit that is counted. Pictures: call or image. Clips: call or second. Speech: call, character or (Skytells) second. Text: call or token.',
    ),
    usd: usd('Price of one unit. For tokens: price of a million input tokens.', '0.06'),
    output_usd: optional(usd('For tokens only: price of a million output tokens.', '1.20')),
    factors: optional(
      map(
        'Multipliers that depend on the inputs of the call: input, then value, then factor.',
        map(
          'A value that is not listed costs the plain price.',
          factor('A factor of 1.5 adds half of the price.', 1.5),
        ),
      ),
    ),
    round_to: optional(usd('The price is rounded to a multiple of this amount, half up.', '0.01', true)),
  },
  closed(
    'What a call costs. The price is held before the call. Then what was delivered is charged, and never more than was held.',
  ),
);

export interface RouteFile {
  readonly provider: string;
  readonly model: string;
  readonly weight?: number;
  readonly cost?: Static<typeof price>;
}

export const route = Type.Unsafe<string | RouteFile>({
  type: ['string', 'object'],
  pattern: '^[^/]+/.+$',
  'x-form': { kind: 'route' },
  properties: {
    provider: text('A name under `providers`, or `sandbox`.', 'sandbox'),
    model: text('The provider’s own name for the model.', 'kiara-vogue'),
    weight: count(
      'The route’s share of first tries, relative to the weights of the other routes. 0: used only after all others failed.',
      3,
      0,
      1000,
    ),
    cost: { ...price, description: 'What the provider charges for a call, by its own price list.' },
  },
  required: ['provider', 'model'],
  ...closed('A provider and its model, as `<provider>/<model>` or as a map.'),
  examples: ['sandbox/kiara-vogue'],
});

const field = text('A field of the request body.', 'image_quality');

export const model = Type.Object(
  {
    status: optional(choice(['active', 'paused', 'inactive'], 'Whether callers can use it.')),
    billable: optional(
      Type.Boolean({ description: 'If false, calls are refused as not billable.', examples: [true] }),
    ),
    price: optional(price),
    routes: optional(
      Type.Array(route, {
        description:
          'The routes that serve the model, tried in order or drawn by weight. To switch the model off, set its `status`.',
        minItems: 1,
        'x-instead-of-none':
          'leave the key out to keep the default route; to switch the model off, write "status: inactive"',
        maxItems: 20,
      }),
    ),
    input_field: optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        minLength: 1,
        maxLength: 200,
        description:
          'The field that names the source media, for a model whose price depends on the length of that media. Null: no field.',
        examples: ['video_url'],
      }),
    ),
    enterprise_only: optional(
      Type.Array(field, {
        description: 'Fields that only accounts on the enterprise plan may send.',
        maxItems: 100,
      }),
    ),
    exclusive: optional(
      Type.Array(
        Type.Unsafe<[string, string]>(
          Type.Array(field, { description: 'Each entry is a pair of fields.', minItems: 2, maxItems: 2 }),
        ),
        { description: 'Fields that may not be sent together.', maxItems: 100 },
      ),
    ),
    deadline: optional(duration('A generation of the model fails after this time.', '10m', '1ms', '7d')),
  },
  closed('Settings of one model. A setting that is left out keeps the default of the dialect.'),
);
