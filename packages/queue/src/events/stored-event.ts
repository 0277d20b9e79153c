/** An event with the id that its stream gave it. */
export interface StoredEvent {
  id: string;
}
