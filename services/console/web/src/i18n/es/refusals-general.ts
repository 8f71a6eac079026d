import type { refusalsGeneral as en } from '../en/refusals-general.ts';

export const refusalsGeneral: { readonly [Code in keyof typeof en]: string } = {
  unauthorized: 'No ha iniciado sesión o su sesión ha terminado. Inicie sesión y vuelva a intentarlo.',
  forbidden: 'No tiene permiso para hacer esto. Pida el permiso a un administrador.',
  not_found: 'Este elemento no existe o ya no existe. Vuelva atrás y recargue la lista.',
  gone: 'Este elemento ya no se conserva o solo se puede leer.',
  invalid_request: 'Algún dato no es correcto. Corrija lo que se indica y vuelva a intentarlo.',
  config_invalid: 'Los ajustes todavía no encajan entre sí. Corrija lo que se indica y guarde de nuevo.',
  conflict: 'No es posible en el estado actual. Recargue la página para ver qué ha cambiado.',
  revision_conflict: 'Otra persona lo ha modificado entretanto. Cargue la nueva versión y repita su cambio.',
  already_exists: 'Ya existe uno con este identificador. Elija otro o modifique el que existe.',
  payload_too_large: 'El envío es demasiado grande. Redúzcalo o divídalo.',
  value_too_long: 'Un texto supera la longitud permitida. Acórtelo.',
  unsupported_media_type: 'La página ha enviado una petición que la consola no conoce. Recargue la página.',
  rate_limited: 'Demasiadas peticiones en poco tiempo. Espere un minuto y vuelva a intentarlo.',
  too_many_tries: 'Demasiados intentos erróneos. Espere unos minutos y vuelva a intentarlo.',
  too_many_streams: 'Hay demasiadas páginas abiertas que siguen las llamadas. Cierre algunas y recargue esta.',
  too_many_writes: 'Ya se ha escrito en la llamada tantas veces como está permitido. No se le puede añadir nada más.',
  too_many_events: 'El contacto ya tiene tantos eventos como se conservan. Ciérrelo y empiece otro.',
  internal:
    'Se ha producido un error interno y ha quedado registrado. Vuelva a intentarlo y avise a un administrador si persiste.',
  unavailable:
    'Una parte del sistema no responde ahora. Vuelva a intentarlo en un momento y avise a un administrador si persiste.',
  write_conflict: 'Varios están modificando lo mismo a la vez. Vuelva a intentarlo.',
  timeout:
    'No llegó una respuesta completa a tiempo. Vuelva a intentarlo; puede que lo iniciado se haya hecho de todos modos.',
  aborted: 'La petición se interrumpió antes de la respuesta. Vuelva a intentarlo si aún la necesita.',
  no_session: 'Ha entrado con un token de la API, que no tiene sesión que prolongar. Inicie sesión de nuevo.',
  sign_in_unknown: 'Este inicio de sesión ya se usó o duró más de 10 minutos. Empiécelo de nuevo.',
  person_refused: 'Su usuario no está configurado del todo o no puede entrar. Pregunte a un administrador.',
  provider_unavailable:
    'El proveedor de identidad no responde. Vuelva a intentarlo en un momento o avise a un administrador.',
  provider_answer_invalid:
    'El proveedor de identidad dio una respuesta de la que no se puede fiar. Revise sus ajustes.',
  provider_refused: 'El proveedor de identidad lo ha rechazado. Vuelva a intentarlo o revise sus ajustes.',
  public_url_missing: 'La consola no conoce su propia dirección. Pida a quien la opera que defina PUBLIC_URL.',
  not_configured: 'Esto no está configurado aquí. Pida a quien opera el sistema que añada el ajuste indicado.',
  upload_broken:
    'La carga del archivo se interrumpió. Impórtelo de nuevo para completarla; las filas ya presentes no se duplican.',
  idempotency_key_reused: 'La misma petición se envió antes con otro contenido. Recargue la página y repítala.',
  run_differs: 'Esta ejecución se empezó con otros datos. Iníciela de nuevo.',
};
