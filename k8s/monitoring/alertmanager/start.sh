#!/bin/sh
# Writes Alertmanager's configuration from the secret files that are there, and starts it with the given arguments.
# A channel is used when its file exists in SECRETS; with none, alerts are only shown at /.
#
#   slack     URL of an incoming webhook                         discord   URL of a channel's webhook
#   webhook   URL that gets alerts as JSON                       email     SMTP_HOST:PORT FROM TO [USER], on one line;
#                                                                          email-password: the password of USER
set -eu
secrets=${SECRETS:-/run/secrets/alerts}
config=${CONFIG:-/tmp/alertmanager.yml}

has() { [ -s "$secrets/$1" ]; }
# The URL as a YAML string: one line, without what could end the string.
url() { head -n 1 "$secrets/$1" | tr -d '\r\n "\\'; }

umask 077
{
  cat <<'YAML'
route:
  receiver: sotto
  group_by: [alertname]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - { matchers: ['severity="critical"'], receiver: sotto, group_wait: 10s, repeat_interval: 1h }
inhibit_rules:
  # When nothing answers, whatever follows from that is no news.
  - { source_matchers: ['alertname="SottoDown"'], target_matchers: ['severity="warning"'] }
  - { source_matchers: ['alertname="SottoMemoryCritical"'], target_matchers: ['alertname="SottoMemoryHigh"'], equal: [instance] }
  - { source_matchers: ['alertname="SottoDiskCritical"'], target_matchers: ['alertname="SottoDiskLow"'], equal: [instance] }
  - { source_matchers: ['alertname="SottoServerErrors"'], target_matchers: ['alertname="SottoErrorRate"'] }
receivers:
  - name: sotto
YAML
  if has slack; then
    echo "    slack_configs:"
    echo "      - api_url_file: $secrets/slack"
    echo "        send_resolved: true"
    echo "        title: '{{ .Status | toUpper }}: {{ .CommonLabels.alertname }}'"
    echo "        text: '{{ range .Alerts }}{{ .Annotations.summary }} ({{ .Annotations.runbook_url }}) {{ end }}'"
  fi
  if has discord; then
    echo "    discord_configs:"
    echo "      - webhook_url: \"$(url discord)\""
    echo "        send_resolved: true"
    echo "        title: '{{ .Status | toUpper }}: {{ .CommonLabels.alertname }}'"
    echo "        message: '{{ range .Alerts }}{{ .Annotations.summary }} ({{ .Annotations.runbook_url }}) {{ end }}'"
  fi
  if has webhook; then
    echo "    webhook_configs:"
    echo "      - url: \"$(url webhook)\""
    echo "        send_resolved: true"
  fi
  if has email; then
    read -r smarthost from to user rest <"$secrets/email" || [ -n "$smarthost" ]
    echo "    email_configs:"
    echo "      - smarthost: '$smarthost'"
    echo "        from: '$from'"
    echo "        to: '$to'"
    echo "        send_resolved: true"
    if [ -n "${user:-}" ]; then
      echo "        auth_username: '$user'"
      echo "        auth_password_file: $secrets/email-password"
    fi
  fi
} >"$config"

exec "${ALERTMANAGER:-/bin/alertmanager}" "--config.file=$config" "$@"
