export {
  createGetimgClient,
  GETIMG_URL,
  type GetimgClient,
  type GetimgClientOptions,
  type GetimgVideos,
} from './client.ts';
export type * from './types.ts';
