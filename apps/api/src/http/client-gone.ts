/** The client closed the connection before it had an answer: nobody is left to tell, so it is logged and no more. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
  constructor() {
    super('The client closed the connection.');
  }
}
