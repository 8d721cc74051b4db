/** What Genlock knows about a media file without trusting its name or its declared type. Sizes are as displayed. */
export type MediaFacts = {
  kind: 'image' | 'video' | 'audio';
  contentType: string;
  width?: number;
  height?: number;
  durationSeconds?: number;
  fps?: number;
  hasSound?: boolean;
};

export type UnreadableReason = 'unrecognised' | 'truncated' | 'too_many_pixels';
