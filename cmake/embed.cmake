# atelier_embed(target symbol file): the file's bytes become `extern "C" const char symbol_begin[],
# symbol_end[]` in the target, by the assembler's .incbin (no compile time, no copy in memory).
function(atelier_embed target symbol file)
  if(TARGET ${target})
    set(source ${CMAKE_BINARY_DIR}/generated/${symbol}.S)
    file(CONFIGURE OUTPUT ${source} CONTENT
".section .rodata
.global ${symbol}_begin
.global ${symbol}_end
.balign 16
${symbol}_begin:
.incbin \"${file}\"
${symbol}_end:
.byte 0
.section .note.GNU-stack,\"\",%progbits
" @ONLY)
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
    target_sources(${target} PRIVATE ${source})
  endif()
endfunction()
