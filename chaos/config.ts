/** The victim's configuration: short deadlines and leases, two servers that charge for whatever they accept, and one that honours keys. */
export function victimConfig(upstream: string): string {
  return `
outbound: { allow: [127.0.0.0/8] }
worker: { lease: 500ms }
retries: { base_delay: 20ms, max_delay: 500ms }
deadlines: { image: 5s, video: 6s, speech: 5s, text: 5s }
log: { level: error }
providers:
  at-once: { type: openai-compatible, base_url: "${upstream}/at-once/v1", api_key: chaos-1, timeout: 3s }
  keyed: { type: openai-compatible, base_url: "${upstream}/keyed/v1", api_key: chaos-2, timeout: 3s, idempotency_key_header: Idempotency-Key }
  queue: { type: replicate, base_url: "${upstream}/queue/v1", api_key: chaos-3, timeout: 3s, poll_interval: 50ms }
dialects:
  kiara: { webhook: { retries: 60, interval: 200ms, timeout: 400ms } }
  skytells: { webhook: { retries: 60, interval: 50ms, timeout: 400ms } }
  # Its waits grow a thousandfold.
  native: { webhook: { retries: 60, interval: 5ms, timeout: 400ms } }
models:
  kiara/kiara-vogue: { routes: [at-once/picture, queue/chaos/picture] }
  kiara/kiara-dream-fast: { routes: [queue/chaos/clip] }
  getimg/z-image-turbo: { routes: [at-once/picture] }
  getimg/seedance-v1-pro: { routes: [queue/chaos/clip] }
  skills-video/bytedance/seedream-5-lite: { routes: [keyed/picture] }
  skills-video/kling-ai/v3/video: { routes: [queue/chaos/clip] }
  skytells/truefusion: { routes: [queue/chaos/picture, at-once/picture] }
  native/genlock/image: { routes: [keyed/picture, at-once/picture] }
  native/genlock/speech: { routes: [at-once/speech] }
`;
}
