/**
 * What Genlock knows about a media file without trusting its name or its declared type. Width and height are those of the displayed
 * picture.
 */
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
