/** A word that the model was less sure of is marked. */
export const LOW_CONFIDENCE = 0.5;
