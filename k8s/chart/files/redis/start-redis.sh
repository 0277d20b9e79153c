#!/bin/sh
# Starts one Redis of a group: a replica of whom the sentinels call the master, and itself the master only where there is
# none yet and it is the first.
#   SELF          its own address, as the others see it
#   FIRST         address of the one that begins
#   SENTINELS     addresses of all sentinels, with spaces between; empty: a Redis alone
#   PASSWORD, MAXMEMORY, DATA; REDIS_PORT, SENTINEL_PORT and BIND have defaults
set -eu
port=${REDIS_PORT:-6379}

master() {
  for sentinel in $SENTINELS; do
    found=$(REDISCLI_AUTH=$PASSWORD timeout 2 redis-cli -h "$sentinel" -p "${SENTINEL_PORT:-26379}" \
      --raw sentinel get-master-addr-by-name sotto 2>/dev/null | head -n 1) || true
    case $found in "" | *ERR* | *NOAUTH*) ;; *) echo "$found"; return ;; esac
  done
  echo "$FIRST"
}

# The file is written anew at each start; what a failover changes in it meanwhile, the sentinels know.
umask 077
cat > "$DATA/redis.conf" <<CONF
port $port
bind ${BIND:-* -::*}
dir $DATA
requirepass $PASSWORD
masterauth $PASSWORD
appendonly yes
appendfsync everysec
# No snapshots beside the append-only file: they cost a fork, and nothing reads them.
save ""
maxmemory $MAXMEMORY
# A queue must never forget.
maxmemory-policy noeviction
CONF

if [ -n "$SENTINELS" ]; then
  {
    echo "replica-announce-ip $SELF"
    echo "replica-announce-port $port"
    # A master that lost its replicas stops taking what would be lost with it.
    echo "min-replicas-to-write 1"
    echo "min-replicas-max-lag 10"
  } >> "$DATA/redis.conf"
  found=$(master)
  if [ "$found" != "$SELF" ]; then echo "replicaof $found $port" >> "$DATA/redis.conf"; fi
fi
exec redis-server "$DATA/redis.conf"
