#!/bin/sh
# Builds the ffmpeg of the images from Debian's source package: `ffmpeg.sh FILE`. Debian's own binary brings 475 MB of
# libraries (screens, graphics, video encoders); this one decodes the sound of the containers in
# packages/contracts/src/media.ts, improves it (apps/worker/src/media/sound-filters.ts), encodes what is spoken
# (apps/api/src/sound/formats.ts), puts it into videos whose pictures it copies (apps/worker/src/media/mux-arguments.ts)
# and does nothing else: no network, no other filter. LAME and Opus are linked statically, so
# that images need no libraries. It writes bare samples, and WAV, whose header tells how many channels there are.
# A rebuilt image gets Debian's current security fixes. Needs deb-src in apt's sources, a compiler, make, xz,
# libmp3lame-dev and libopus-dev.
set -eu
target=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get source --download-only ffmpeg >/dev/null
dpkg-source --no-check -x ffmpeg_*.dsc source >/dev/null
cd source

demuxers=mp3,wav,ogg,flac,aac,ac3,eac3,aiff,caf,au,w64,amr,mov,asf,matroska,avi,flv,mpegts,mpegps,pcm_s16le,pcm_f32le,ffmetadata
# Streams of MPEG say what they are in these words only: their demuxers are asked, never opened.
probes=loas,dts,truehd,mpegvideo,h264,hevc,m4v
# Every decoder of sound that is ffmpeg's own: allcodecs.c lists them between two headings, but for Speex. Those of other
# libraries come later.
decoders=$(sed -n '/audio codecs/,/subtitles/s/^extern const FFCodec ff_\(.*\)_decoder;.*/\1/p' libavcodec/allcodecs.c | paste -sd,),speex
# Of pictures, which are copied: where one begins, and what of it is a key.
pictures=h264,hevc,mpeg4video,mpegvideo,vp8,vp9,av1
parsers=aac,aac_latm,ac3,adx,amr,cook,dca,flac,g723_1,g729,gsm,mlp,mpegaudio,opus,sbc,sipr,tak,vorbis,xma
[ "$decoders" != ,speex ] || { echo 'allcodecs.c names no decoders of sound' >&2; exit 1; }

# The linker looks here first, and finds archives only.
mkdir ../archives
cp "$(gcc -print-file-name=libmp3lame.a)" "$(gcc -print-file-name=libopus.a)" ../archives

./configure --disable-everything --disable-autodetect --disable-doc --disable-debug --disable-network \
  --disable-avdevice --disable-swscale --disable-postproc --disable-ffplay --disable-ffprobe \
  --enable-protocol=file,pipe --enable-demuxer="$demuxers,$probes" --enable-decoder="$decoders" --enable-parser="$parsers,$pictures" \
  --enable-zlib --enable-bsf=aac_adtstoasc,pcm_rechunk,vp9_superframe,extract_extradata \
  --enable-muxer=pcm_f32le,pcm_s16le,wav,null,mp3,ogg,opus,adts,flac,mp4,matroska,webm \
  --enable-libmp3lame --enable-libopus --enable-encoder=pcm_f32le,pcm_s16le,libmp3lame,libopus,aac,flac \
  --extra-ldflags="-L$work/archives" --extra-libs=-lm \
  --enable-filter=aformat,anull,aresample,atrim,dcshift,highpass,afftdn,dynaudnorm
make --silent -j"$(nproc)" ffmpeg
strip -o "$target" ffmpeg
"$target" -hide_banner -version | head -n 1
