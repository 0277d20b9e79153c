# Silero's forward pass. Its kernels are compiled once for any processor and, on x86-64, once more for AVX2.
set(SOTTO_SILERO_DIR ${CMAKE_CURRENT_LIST_DIR})
set(SOTTO_SILERO_KERNELS ${SOTTO_SILERO_DIR}/kernels_any.cc)
set_source_files_properties(${SOTTO_SILERO_DIR}/kernels_any.cc PROPERTIES COMPILE_OPTIONS "-O3;-ffp-contract=fast")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  list(APPEND SOTTO_SILERO_KERNELS ${SOTTO_SILERO_DIR}/kernels_avx2.cc)
  set_source_files_properties(${SOTTO_SILERO_DIR}/kernels_avx2.cc PROPERTIES COMPILE_OPTIONS "-O3;-ffp-contract=fast;-mavx2;-mfma")
  set_source_files_properties(${SOTTO_SILERO_DIR}/kernels.cc PROPERTIES COMPILE_DEFINITIONS SOTTO_SILERO_AVX2)
endif()
set(SOTTO_SILERO_SOURCES
  ${SOTTO_SILERO_KERNELS}
  ${SOTTO_SILERO_DIR}/kernels.cc
  ${SOTTO_SILERO_DIR}/listener.cc
  ${SOTTO_SILERO_DIR}/network.cc
  ${SOTTO_SILERO_DIR}/packed_weights.cc
  ${SOTTO_SILERO_DIR}/spectrum_tables.cc
)
