/** What a webhook is about (a request's id, or of a quota's event), and how often it was asked for: replays count. */
export function webhookMember(subject: string, delivery: number): string {
  return `${subject}.${delivery}`;
}

/** Deterministic: however often a webhook is taken from the outbox, it is queued once. */
export function webhookJobId(subject: string, delivery: number): string {
  return `webhook.${webhookMember(subject, delivery)}`;
}

/** `webhook-id` of every try and replay: a receiver tells repetitions by it. */
export function webhookIdOf(subject: string): string {
  return `msg_${subject}`;
}

/** What a member of the outbox stands for; the other way round: `webhookMember`. */
export function webhookOf(member: string): { subject: string; delivery: number } {
  const dot = member.lastIndexOf('.');
  return { subject: member.slice(0, dot), delivery: Number(member.slice(dot + 1)) };
}

const QUOTA_SUBJECT = /^quota\.([^.]+)\.([\d-]+)\.(\d+)$/;

/** `quota.KEY.PERIOD.PERCENT`, as lua/include/quota.lua writes it; null: it is about something else. */
export function quotaSubject(subject: string): { keyId: string; period: string; percent: number } | null {
  const [, keyId, period, percent] = QUOTA_SUBJECT.exec(subject) ?? [];
  return keyId === undefined || period === undefined ? null : { keyId, period, percent: Number(percent) };
}
