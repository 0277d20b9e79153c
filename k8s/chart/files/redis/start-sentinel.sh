#!/bin/sh
# Starts one sentinel. It asks the others who the master is, and begins with FIRST where nobody knows.
#   SELF, FIRST, SENTINELS, PASSWORD, DATA as for start-redis.sh
set -eu
port=${SENTINEL_PORT:-26379}

master() {
  for sentinel in $SENTINELS; do
    if [ "$sentinel" = "$SELF" ]; then continue; fi
    found=$(REDISCLI_AUTH=$PASSWORD timeout 2 redis-cli -h "$sentinel" -p "$port" \
      --raw sentinel get-master-addr-by-name sotto 2>/dev/null | head -n 1) || true
    case $found in "" | *ERR* | *NOAUTH*) ;; *) echo "$found"; return ;; esac
  done
  echo "$FIRST"
}

umask 077
# What it has learned survives a restart of its container; of a new pod, the others know.
if [ ! -f "$DATA/sentinel.conf" ]; then
  cat > "$DATA/sentinel.conf" <<CONF
port $port
bind ${BIND:-* -::*}
dir $DATA
requirepass $PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $SELF
sentinel announce-port $port
sentinel monitor sotto $(master) ${REDIS_PORT:-6379} 2
sentinel auth-pass sotto $PASSWORD
sentinel sentinel-pass $PASSWORD
sentinel down-after-milliseconds sotto 5000
sentinel failover-timeout sotto 10000
sentinel parallel-syncs sotto 1
CONF
fi
exec redis-server "$DATA/sentinel.conf" --sentinel
