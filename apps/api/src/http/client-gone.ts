/** The client closed the connection before the response: nobody is left to tell, so it is only logged. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
  constructor() {
    super('The client closed the connection.');
  }
}
