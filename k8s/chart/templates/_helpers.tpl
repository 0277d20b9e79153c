{{- define "sotto.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end -}}
{{- end -}}

{{/* Labels that never change, as selectors cannot. Call with (dict "root" $ "component" "api"). */}}
{{- define "sotto.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "sotto.labels" -}}
{{ include "sotto.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end -}}

{{- define "sotto.image" -}}
{{- $tag := .root.Values.image.tag | default .root.Chart.AppVersion -}}
{{ .root.Values.image.prefix }}{{ index .root.Values.image.repositories .image }}:{{ $tag }}
{{- end -}}

{{/* What Pod Security calls "restricted". */}}
{{- define "sotto.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {{- toYaml .Values.seccompProfile | nindent 2 }}
{{- end -}}

{{- define "sotto.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "sotto.spread" -}}
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels: {{- include "sotto.selector" $ | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "sotto.secretValue" -}}
- name: {{ .name }}
  valueFrom: { secretKeyRef: { name: {{ .root.Values.secret }}, key: {{ .name }}, optional: {{ .optional }} } }
{{- end -}}

{{- define "sotto.redisName" -}}
{{ .Values.redis.of | default (printf "%s-redis" (include "sotto.name" .)) }}
{{- end -}}

{{- define "sotto.redisUrl" -}}
{{- $name := include "sotto.redisName" . -}}
{{- if eq .Values.redis.mode "external" }}{{ required "redis.url is needed with redis.mode=external" .Values.redis.url }}
{{- else if eq .Values.redis.mode "single" }}redis://{{ $name }}:6379/0
{{- else }}redis+sentinel://{{ range $i := until 3 }}{{ if $i }},{{ end }}{{ $name }}-{{ $i }}.{{ $name }}:26379{{ end }}/sotto/0
{{- end -}}
{{- end -}}

{{/* Variables of the API and of workers. */}}
{{- define "sotto.sharedEnv" -}}
{{ include "sotto.secretValue" (dict "root" . "name" "REDIS_PASSWORD" "optional" (eq .Values.redis.mode "external")) }}
- name: REDIS_URL
  value: {{ include "sotto.redisUrl" . | quote }}
{{ include "sotto.secretValue" (dict "root" . "name" "WEBHOOK_SECRET" "optional" true) }}
{{- if eq .Values.storage.kind "s3" }}
{{ include "sotto.secretValue" (dict "root" . "name" "S3_ACCESS_KEY_ID" "optional" true) }}
{{ include "sotto.secretValue" (dict "root" . "name" "S3_SECRET_ACCESS_KEY" "optional" true) }}
{{- end }}
{{- if eq .Values.storage.kind "azure" }}
{{ include "sotto.secretValue" (dict "root" . "name" "AZURE_ACCOUNT_KEY" "optional" true) }}
{{ include "sotto.secretValue" (dict "root" . "name" "AZURE_ENDPOINT" "optional" true) }}
{{- end }}
{{- end -}}

{{/* /data is shared, or with a server for objects the pod's own. */}}
{{- define "sotto.dataVolume" -}}
- name: data
{{- if ne .Values.storage.kind "file" }}
  emptyDir: { sizeLimit: {{ .Values.storage.scratch }} }
{{- else }}
  persistentVolumeClaim: { claimName: {{ .Values.storage.claims.recordings | default (printf "%s-recordings" (include "sotto.name" .)) }} }
{{- end }}
- name: tmp
  emptyDir: {}
{{- end -}}
