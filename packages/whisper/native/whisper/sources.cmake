# The engine's sources, shared by the addon's build and the development build.
set(SOTTO_WHISPER_DIR ${CMAKE_CURRENT_LIST_DIR})
set(SOTTO_WHISPER_SOURCES
  ${SOTTO_WHISPER_DIR}/alignment/align_tokens.cc
  ${SOTTO_WHISPER_DIR}/alignment/alignment_heads.cc
  ${SOTTO_WHISPER_DIR}/alignment/forced_pass.cc
  ${SOTTO_WHISPER_DIR}/alignment/given_text.cc
  ${SOTTO_WHISPER_DIR}/alignment/speech_edges.cc
  ${SOTTO_WHISPER_DIR}/alignment/token_times.cc
  ${SOTTO_WHISPER_DIR}/audio/mel_transform.cc
  ${SOTTO_WHISPER_DIR}/decoding/attempt.cc
  ${SOTTO_WHISPER_DIR}/decoding/beam_step.cc
  ${SOTTO_WHISPER_DIR}/decoding/cell_pool.cc
  ${SOTTO_WHISPER_DIR}/decoding/hypothesis.cc
  ${SOTTO_WHISPER_DIR}/decoding/language_detection.cc
  ${SOTTO_WHISPER_DIR}/decoding/logit_range.cc
  ${SOTTO_WHISPER_DIR}/decoding/logit_scan.cc
  ${SOTTO_WHISPER_DIR}/decoding/pass.cc
  ${SOTTO_WHISPER_DIR}/decoding/phrase_matches.cc
  ${SOTTO_WHISPER_DIR}/decoding/phrase_trie.cc
  ${SOTTO_WHISPER_DIR}/decoding/segments.cc
  ${SOTTO_WHISPER_DIR}/decoding/token_distribution.cc
  ${SOTTO_WHISPER_DIR}/decoding/token_rules.cc
  ${SOTTO_WHISPER_DIR}/engine.cc
  ${SOTTO_WHISPER_DIR}/job_check.cc
  ${SOTTO_WHISPER_DIR}/job_queue.cc
  ${SOTTO_WHISPER_DIR}/log_sink.cc
  ${SOTTO_WHISPER_DIR}/make_backend.cc
  ${SOTTO_WHISPER_DIR}/model/byte_pairs.cc
  ${SOTTO_WHISPER_DIR}/model/language.cc
  ${SOTTO_WHISPER_DIR}/model/model.cc
  ${SOTTO_WHISPER_DIR}/model/suppressed_tokens.cc
  ${SOTTO_WHISPER_DIR}/model/tokenizer.cc
  ${SOTTO_WHISPER_DIR}/model/vocabulary.cc
  ${SOTTO_WHISPER_DIR}/model/weights.cc
  ${SOTTO_WHISPER_DIR}/portable/decoder_graph.cc
  ${SOTTO_WHISPER_DIR}/portable/encoder_graph.cc
  ${SOTTO_WHISPER_DIR}/portable/portable_backend.cc
  ${SOTTO_WHISPER_DIR}/portable/row_groups.cc
  ${SOTTO_WHISPER_DIR}/portable/slots.cc
  ${SOTTO_WHISPER_DIR}/slot_memory.cc
  ${SOTTO_WHISPER_DIR}/team.cc
  ${SOTTO_WHISPER_DIR}/turn.cc
  ${SOTTO_WHISPER_DIR}/window_task.cc
)

# The fast backend exists on x86-64 only; its kernels alone are compiled for AVX2 or AVX-512, and run where the CPU has it.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(SOTTO_FAST_KERNELS
    ${SOTTO_WHISPER_DIR}/fast/kernels/avx2.cc
    ${SOTTO_WHISPER_DIR}/fast/kernels/float_product.cc
    ${SOTTO_WHISPER_DIR}/fast/kernels/packing.cc
    ${SOTTO_WHISPER_DIR}/fast/kernels/rows.cc
    ${SOTTO_WHISPER_DIR}/fast/kernels/self_attention.cc
  )
  set(SOTTO_FAST_KERNELS_VNNI ${SOTTO_WHISPER_DIR}/fast/kernels/vnni.cc)
  set_source_files_properties(${SOTTO_FAST_KERNELS} PROPERTIES COMPILE_OPTIONS "-O3;-mavx2;-mfma")
  # GCC 12 warns of its own AVX-512 headers (gcc bug 105593).
  set_source_files_properties(${SOTTO_FAST_KERNELS_VNNI} PROPERTIES
    COMPILE_OPTIONS "-O3;-mavx2;-mfma;-mavx512f;-mavx512bw;-mavx512vl;-mavx512vnni;-Wno-uninitialized;-Wno-maybe-uninitialized")
  set_source_files_properties(${SOTTO_WHISPER_DIR}/make_backend.cc PROPERTIES COMPILE_DEFINITIONS SOTTO_FAST_BACKEND)
  set_source_files_properties(${SOTTO_WHISPER_DIR}/decoding/logit_scan_avx2.cc PROPERTIES COMPILE_OPTIONS "-O3;-mavx2")
  set_source_files_properties(${SOTTO_WHISPER_DIR}/decoding/logit_scan.cc PROPERTIES COMPILE_DEFINITIONS SOTTO_AVX2_SCAN)
  list(APPEND SOTTO_WHISPER_SOURCES
    ${SOTTO_FAST_KERNELS}
    ${SOTTO_FAST_KERNELS_VNNI}
    ${SOTTO_WHISPER_DIR}/decoding/logit_scan_avx2.cc
    ${SOTTO_WHISPER_DIR}/fast/fast_backend.cc
    ${SOTTO_WHISPER_DIR}/fast/fast_decoder.cc
    ${SOTTO_WHISPER_DIR}/fast/fast_encoder.cc
    ${SOTTO_WHISPER_DIR}/fast/fast_mel.cc
    ${SOTTO_WHISPER_DIR}/fast/fast_weights.cc
    ${SOTTO_WHISPER_DIR}/fast/instruction_set.cc
    ${SOTTO_WHISPER_DIR}/fast/packed_matrix.cc
  )
endif()
