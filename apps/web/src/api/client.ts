import { SottoClient } from '@sotto/client';

/** The service that this page comes from. */
export const client = new SottoClient({ baseUrl: window.location.origin });
