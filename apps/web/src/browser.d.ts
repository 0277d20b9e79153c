/** What the client sends a stream with: browsers know it, the compiler's description of them does not yet. */
interface RequestInit {
  duplex?: 'half';
}
