# The networks that tell speakers apart. Their kernels are compiled once for any processor and, on x86-64, for AVX2 and AVX-512.
set(SOTTO_SPEAKERS_DIR ${CMAKE_CURRENT_LIST_DIR})
set(SOTTO_SPEAKERS_KERNELS ${SOTTO_SPEAKERS_DIR}/kernels_any.cc)
set_source_files_properties(${SOTTO_SPEAKERS_DIR}/kernels_any.cc PROPERTIES COMPILE_OPTIONS "-O3;-ffp-contract=fast")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  list(APPEND SOTTO_SPEAKERS_KERNELS ${SOTTO_SPEAKERS_DIR}/kernels_avx2.cc ${SOTTO_SPEAKERS_DIR}/kernels_avx512.cc)
  set_source_files_properties(${SOTTO_SPEAKERS_DIR}/kernels_avx2.cc PROPERTIES COMPILE_OPTIONS "-O3;-ffp-contract=fast;-mavx2;-mfma")
  set_source_files_properties(${SOTTO_SPEAKERS_DIR}/kernels_avx512.cc PROPERTIES
    COMPILE_OPTIONS "-O3;-ffp-contract=fast;-mavx2;-mfma;-mavx512f;-mprefer-vector-width=512")
  set_source_files_properties(${SOTTO_SPEAKERS_DIR}/kernels.cc PROPERTIES COMPILE_DEFINITIONS SOTTO_SPEAKERS_X86)
endif()
set(SOTTO_SPEAKERS_SOURCES
  ${SOTTO_SPEAKERS_KERNELS}
  ${SOTTO_SPEAKERS_DIR}/embedding.cc
  ${SOTTO_SPEAKERS_DIR}/fbank.cc
  ${SOTTO_SPEAKERS_DIR}/kernels.cc
  ${SOTTO_SPEAKERS_DIR}/matrix.cc
  ${SOTTO_SPEAKERS_DIR}/segmentation.cc
  ${SOTTO_SPEAKERS_DIR}/trunk.cc
)
