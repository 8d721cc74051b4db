import { getimgCatalogue } from '@genlock/contracts';
import Fastify from 'fastify';
import { expect, it, vi } from 'vitest';
import type { Core } from '../../gateway/core.ts';
import type { ApiDescription } from './api-description.ts';
import { docsRoutes } from './docs.ts';

it.each(['/docs/api', '/docs/openapi/api.json'])(
  'makes %s once, because anybody may ask for it without end',
  async (url) => {
    const description: ApiDescription = {
      title: 'An API',
      description: 'of nothing',
      auth: {},
      operations: [],
      schemas: {},
      error: {},
    } as unknown as ApiDescription;
    const looks = vi.fn(() => description);
    const api = {
      name: 'api',
      mount: '/api',
      catalogue: getimgCatalogue,
      get description() {
        return looks();
      },
    };
    const app = Fastify();
    docsRoutes(app, { publicUrl: () => 'http://gateway.test' } as Core, [api]);
    const first = await app.inject(url);
    expect([first.statusCode, first.body]).toEqual([200, expect.stringContaining('An API')]);
    const made = looks.mock.calls.length;
    const second = await app.inject(url);
    expect(second.body).toBe(first.body);
    expect(looks).toHaveBeenCalledTimes(made);
  },
);
