# The built pages (web/dist), embedded in the http library: a path, a beginning and an end each.
# Without them the table is empty, and the server says that its pages were not built.
function(atelier_embed_site target)
  set(bytes "")
  set(rows "")
  set(number 0)
  set(files "")
  set(dist ${CMAKE_SOURCE_DIR}/web/dist)
  if(ATELIER_WEB)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${dist}/*)
    list(FILTER files EXCLUDE REGEX "/\\.[^/]*/")
    list(SORT files)
  endif()
  foreach(file ${files})
    file(RELATIVE_PATH name ${dist} ${file})
    math(EXPR number "${number} + 1")
    string(APPEND bytes "n_${number}: .asciz \"/${name}\"\n"
      "b_${number}: .incbin \"${file}\"\ne_${number}:\n")
    string(APPEND rows "  .quad n_${number}, b_${number}, e_${number}\n")
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/generated/site.S)
  file(GENERATE OUTPUT ${source} CONTENT "  .section .rodata
${bytes}
  .section .data.rel.ro,\"aw\"
  .balign 8
  .global atelier_embedded_site
atelier_embedded_site:
${rows}  .quad 0, 0, 0
  .section .note.GNU-stack,\"\",%progbits
")
  set_source_files_properties(${source} PROPERTIES GENERATED TRUE OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${source})
endfunction()

atelier_embed_site(http)
