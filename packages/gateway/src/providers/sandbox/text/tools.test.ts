import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../domain/json.ts';
import type { TextRequest, Tool } from '../../../domain/request.ts';
import { chooseTool } from './tools.ts';

const TOOLS: readonly Tool[] = [
  { name: 'read_file', description: 'Read a file of the project', parameters: { path: 'string' } },
  { name: 'list_directory', parameters: { directory: 'string' } },
  { name: 'run_terminal', description: 'Run a command', parameters: { command: 'string' } },
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
        days: { type: 'integer', minimum: 1, maximum: 7 },
      },
      required: ['city', 'unit'],
    },
  },
];

const request = (content: string, more: Partial<TextRequest> = {}): TextRequest => ({
  kind: 'text',
  messages: [{ role: 'user', content }],
  maxTokens: 100,
  temperature: 0,
  seed: 0,
  tools: TOOLS,
  ...more,
});

describe('chooseTool', () => {
  it.each([
    ['Please read src/index.ts and explain it', 'read_file', { path: 'src/index.ts' }],
    ['What is in the directory packages/gateway/?', 'list_directory', { directory: 'packages/gateway/' }],
    ['Run `npm test` in the terminal', 'run_terminal', { command: 'npm test' }],
    [
      'How is the weather in New York, in fahrenheit?',
      'get_weather',
      { city: 'New York', unit: 'fahrenheit' },
    ],
  ])('answers "%s" with a call of %s', (content, name, given) => {
    expect(chooseTool(request(content))).toEqual({ name, arguments: given });
  });

  it('calls the first tool where none fits, and the named one where one is named', () => {
    expect(chooseTool(request('hello'))?.name).toBe('read_file');
    expect(chooseTool(request('read the file', { toolChoice: { name: 'run_terminal' } }))?.name).toBe(
      'run_terminal',
    );
  });

  it('calls none when told so, without tools, and after the answer of a tool', () => {
    expect(chooseTool(request('read it', { toolChoice: 'none' }))).toBeUndefined();
    expect(chooseTool(request('read it', { tools: [] }))).toBeUndefined();
    const answered = [
      { role: 'user', content: 'read a.ts' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'read_file', arguments: '{}' }] },
      { role: 'tool', content: 'export {}', toolCallId: 'c' },
    ] as const;
    expect(chooseTool(request('', { messages: answered }))).toBeUndefined();
  });

  it('calls one after the answer of a tool, too, when a call is demanded', () => {
    const messages = [
      { role: 'user', content: 'Read src/index.ts' },
      { role: 'tool', content: 'export {}', toolCallId: 'call_1' },
    ] as const;
    expect(chooseTool(request('', { messages, toolChoice: 'required' }))).toBeDefined();
    expect(chooseTool(request('', { messages, toolChoice: { name: 'read_file' } }))?.name).toBe('read_file');
  });

  it('fills in every type, and goes only so deep', () => {
    const deep = (levels: number): JsonObject =>
      levels === 0 ? { type: 'string' } : { type: 'object', properties: { next: deep(levels - 1) } };
    const parameters = {
      type: 'object',
      properties: {
        count: { type: 'integer', minimum: 2, maximum: 4 },
        ratio: { type: 'number' },
        loud: { type: 'boolean' },
        nothing: { type: 'null' },
        paths: { type: 'array', items: { type: 'string' } },
        kind: { const: 'fixed' },
        mode: { type: 'string', default: 'fast' },
        link: { type: 'string' },
        deep: deep(20),
        __proto__: { type: 'string' },
      },
    };
    const tools = [{ name: 'all', parameters }];
    const call = chooseTool(request('take 3 of src/a.ts, see https://example.com/x', { tools }));
    expect(call?.arguments).toMatchObject({
      count: 3,
      ratio: 3,
      loud: true,
      nothing: null,
      paths: ['src/a.ts'],
      kind: 'fixed',
      mode: 'fast',
      link: 'https://example.com/x',
    });
    expect(JSON.stringify(call?.arguments).length).toBeLessThan(500);
  });
});
