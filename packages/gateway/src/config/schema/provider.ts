import Type from 'typebox';
import { text } from '../fields.ts';

export const provider = Type.Object(
  { type: text('Which kind of provider this is.', 'openai-compatible') },
  {
    description: 'One upstream: its type, and settings of that type. Secrets belong into the environment.',
    additionalProperties: {
      description: 'A setting of the provider type, such as `base_url` or `api_key`.',
      examples: ['https://api.example.com/v1', `$\{OPENAI_API_KEY}`],
    },
  },
);
