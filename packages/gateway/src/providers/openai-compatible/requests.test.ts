import { describe, expect, it } from 'vitest';
import type { ImageRequest, TextRequest, VideoRequest } from '../../domain/request.ts';
import { chatRequest, vectorsRequest } from './chat-request.ts';
import { imageRequest } from './image-request.ts';
import type { Settings } from './settings.ts';
import { speechRequest } from './speech-request.ts';
import { videoRequest } from './video-request.ts';

const local: Settings = { base_url: 'http://127.0.0.1:8080/v1' };
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const JPEG = Buffer.from('\xff\xd8\xff\xe0', 'latin1');

describe('an order of pictures', () => {
  const request: ImageRequest = {
    kind: 'image',
    prompt: 'a mug',
    negativePrompt: 'text',
    width: 1024,
    height: 1536,
    count: 2,
    format: 'webp',
    seed: 7,
  };

  it('goes to the generations, in words that OpenAI takes', () => {
    expect(imageRequest({ model: 'gpt-image-1.5', request, sources: [] }, local)).toEqual({
      method: 'POST',
      path: '/images/generations',
      json: { model: 'gpt-image-1.5', prompt: 'a mug', n: 2, size: '1024x1536', output_format: 'webp' },
    });
  });

  it('tells other servers more, where the operator says that they take it', () => {
    const settings: Settings = {
      ...local,
      extensions: ['seed', 'negative_prompt'],
      parameters: { quality: 'low', n: null, size: '1x1' },
    };
    expect(imageRequest({ model: 'flux', request, sources: [] }, settings).json).toEqual({
      model: 'flux',
      prompt: 'a mug',
      size: '1x1',
      seed: 7,
      negative_prompt: 'text',
      quality: 'low',
    });
  });

  it('goes to the edits with its sources, as a form', () => {
    const { width: _, height: __, ...unsized } = request;
    const one = imageRequest({ model: 'gpt-image-2', request: unsized, sources: [PNG] }, local);
    expect(one).toEqual({
      method: 'POST',
      path: '/images/edits',
      form: [
        { name: 'model', value: 'gpt-image-2' },
        { name: 'prompt', value: 'a mug' },
        { name: 'n', value: '2' },
        { name: 'output_format', value: 'webp' },
        { name: 'image', value: { bytes: PNG, contentType: 'image/png', fileName: 'source-0.png' } },
      ],
    });
    const two = imageRequest({ model: 'gpt-image-2', request, sources: [PNG, JPEG] }, local);
    expect(two.form?.slice(-2)).toEqual([
      { name: 'image[]', value: { bytes: PNG, contentType: 'image/png', fileName: 'source-0.png' } },
      { name: 'image[]', value: { bytes: JPEG, contentType: 'image/jpeg', fileName: 'source-1.jpg' } },
    ]);
  });
});

it('an order of speech names a voice of the server', () => {
  const request = { kind: 'speech', text: 'Hello.', format: 'mp3', seed: 1 } as const;
  const voiceOf = (voice: string | undefined, settings: Partial<Settings>) =>
    (
      speechRequest('tts-1', { ...request, ...(voice !== undefined && { voice }) }, { ...local, ...settings })
        .json as { voice: string }
    ).voice;
  expect(speechRequest('tts-1', request, local)).toEqual({
    method: 'POST',
    path: '/audio/speech',
    json: { model: 'tts-1', input: 'Hello.', voice: 'alloy', response_format: 'mp3' },
  });
  expect(voiceOf(undefined, { voice: 'nova' })).toBe('nova');
  expect(voiceOf('narrator', { voices: { narrator: 'onyx' } })).toBe('onyx');
  expect(voiceOf('constructor', { voices: { narrator: 'onyx' } })).toBe('constructor');
  expect(voiceOf('echo', { voices: { narrator: 'onyx' } })).toBe('echo');
});

it('an order of a clip is a form, with the picture that it starts from', () => {
  const request: VideoRequest = {
    kind: 'video',
    prompt: 'sea',
    width: 1280,
    height: 720,
    seconds: 5,
    sound: true,
    seed: 3,
    fps: 24,
  };
  const settings: Settings = {
    ...local,
    extensions: ['fps', 'seed'],
    models: { wan: { seconds: [6], sizes: ['640x360'] } },
  };
  expect(videoRequest('sora-2', request, undefined, local)).toEqual({
    method: 'POST',
    path: '/videos',
    form: [
      { name: 'model', value: 'sora-2' },
      { name: 'prompt', value: 'sea' },
      { name: 'size', value: '1280x720' },
      { name: 'seconds', value: '8' },
    ],
  });
  expect(videoRequest('wan', request, PNG, settings).form).toEqual([
    { name: 'model', value: 'wan' },
    { name: 'prompt', value: 'sea' },
    { name: 'size', value: '640x360' },
    { name: 'seconds', value: '6' },
    { name: 'seed', value: '3' },
    { name: 'fps', value: '24' },
    { name: 'input_reference', value: { bytes: PNG, contentType: 'image/png', fileName: 'source-0.png' } },
  ]);
});

describe('an order of a chat', () => {
  const request: TextRequest = {
    kind: 'text',
    seed: 5,
    maxTokens: 20,
    temperature: 0.7,
    topP: 0.9,
    topK: 40,
    stop: ['END'],
    messages: [{ role: 'user', content: 'Hi' }],
  };

  it('has the penalties that were asked for, and no others', () => {
    const penalised = { ...request, presencePenalty: 0.5, frequencyPenalty: -1 };
    expect(chatRequest('m', penalised, local).json).toMatchObject({
      presence_penalty: 0.5,
      frequency_penalty: -1,
    });
    expect(chatRequest('m', request, local).json).not.toHaveProperty('presence_penalty');
  });

  it('is streamed and counted', () => {
    expect(chatRequest('m', request, local).json).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 20,
      temperature: 0.7,
      top_p: 0.9,
      stop: ['END'],
      seed: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('speaks to OpenAI as its newer models want it, and to others as they are said to', () => {
    const openai: Settings = { base_url: 'https://api.openai.com/v1', parameters: { temperature: null } };
    expect(chatRequest('m', request, openai).json).toMatchObject({ max_completion_tokens: 20 });
    expect(chatRequest('m', request, openai).json).not.toHaveProperty('temperature');
    const other: Settings = { ...local, max_tokens_member: 'max_completion_tokens', extensions: ['top_k'] };
    expect(chatRequest('m', request, other).json).toMatchObject({ max_completion_tokens: 20, top_k: 40 });
  });

  it('offers tools by JSON Schema, however they were described, and repeats calls and their answers', () => {
    const order = chatRequest(
      'm',
      {
        ...request,
        tools: [
          {
            name: 'read',
            description: 'Reads.',
            parameters: { path: 'string', why: 'what it is for', n: { type: 'integer' } },
          },
          { name: 'list', parameters: { type: 'object', properties: {} } },
          { name: 'now' },
        ],
        toolChoice: { name: 'read' },
        messages: [
          { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'read', arguments: '{}' }] },
          { role: 'tool', content: 'text', toolCallId: 'c1' },
        ],
      },
      local,
    );
    expect(order.json).toMatchObject({
      tools: [
        {
          type: 'function',
          function: {
            name: 'read',
            description: 'Reads.',
            parameters: {
              type: 'object',
              properties: {
                path: { type: 'string' },
                why: { type: 'string', description: 'what it is for' },
                n: { type: 'integer' },
              },
            },
          },
        },
        { type: 'function', function: { name: 'list', parameters: { type: 'object', properties: {} } } },
        { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
      ],
      tool_choice: { type: 'function', function: { name: 'read' } },
      messages: [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } }],
        },
        { role: 'tool', content: 'text', tool_call_id: 'c1' },
      ],
    });
  });

  it('asks for vectors of all its messages at once', () => {
    expect(vectorsRequest('e', request, 8, local)).toEqual({
      method: 'POST',
      path: '/embeddings',
      json: { model: 'e', input: ['Hi'], dimensions: 8, encoding_format: 'float' },
    });
  });
});
