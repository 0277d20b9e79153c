import type { WireFolder, WireItem, WireLink, WireSharedItem } from '@sotto/contracts';
import type { Item, Link, Rights, SeenFolder } from '@sotto/library';

/** @param baseUrl `` or `/v1`: addresses in an answer stay where the client is */
export function toWireItem(item: Item, rights: Rights, baseUrl: string): WireItem {
  return {
    id: item.id,
    title: item.title,
    tags: item.tags,
    folder: item.folderId,
    status: item.status,
    ...(item.errorCode !== null && { error: item.errorCode }),
    ...(item.errorMessage !== null && { detail: item.errorMessage }),
    language: item.language,
    duration: secondsOf(item.durationMs),
    model: item.model,
    task: item.task,
    speakers: item.speakers,
    speaker_names: item.speakerNames,
    revision: item.revision,
    audio: audioOf(item, `${baseUrl}/library/${item.id}/audio`),
    file_name: item.fileName,
    rights,
    keep_until: isoOf(item.keepUntil),
    created_at: item.createdAt.toISOString(),
    updated_at: item.updatedAt.toISOString(),
    ended_at: isoOf(item.endedAt),
  };
}

export function toWireSharedItem(item: Item, audioUrl: string): WireSharedItem {
  return {
    title: item.title,
    status: item.status,
    language: item.language,
    duration: secondsOf(item.durationMs),
    speakers: item.speakers,
    speaker_names: item.speakerNames,
    revision: item.revision,
    audio: audioOf(item, audioUrl),
    created_at: item.createdAt.toISOString(),
  };
}

function audioOf({ audioKey, audioBytes, audioType }: Item, url: string): WireItem['audio'] {
  return audioKey === null ? null : { bytes: audioBytes ?? 0, type: audioType ?? 'application/octet-stream', url };
}

export function toWireFolder({ id, name, rights, createdAt }: SeenFolder): WireFolder {
  return { id, name, rights, created_at: createdAt.toISOString() };
}

export function toWireLink({ id, createdAt, expiresAt, revokedAt }: Link): WireLink {
  return { id, created_at: createdAt.toISOString(), expires_at: isoOf(expiresAt), revoked_at: isoOf(revokedAt) };
}

const isoOf = (time: Date | null): string | null => time?.toISOString() ?? null;
export const secondsOf = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
